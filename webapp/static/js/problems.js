// What went wrong, in the reader's language; the server's own words where they say more.

import { t } from "./text.js";

const WORDS = () => ({
  AlreadyClaimed: t("已经有人接待了。"),
  ArticleNotFound: t("可能已被移走，或者你看不到它。"),
  ConversationClosed: t("会话已经结束。"),
  ConversationNotFound: t("可能已被移走，或者你看不到它。"),
  EditConflict: t("别人刚改过，请刷新后再试。"),
  IndexUnavailable: t("知识索引还没准备好，请过一会儿再试。"),
  ModelUnavailable: t("模型还没准备好，请过一会儿再试。"),
  NothingHere: t("可能已被移走，或者你看不到它。"),
  NotAllowed: t("你的角色不能做这件事。需要的话，请找管理员。"),
  NotYourConversation: t("这段对话不在你手上。"),
  ReviewRequired: t("这里发布前要先审核：存成草稿，再提交审核。"),
  StoreUnavailable: t("系统暂时不可用，什么都没有丢。请过一会儿再试。"),
  TicketNotFound: t("可能已被移走，或者你看不到它。"),
  TitleMissing: t("文章还没有标题：写在 title: 后面，或者加一个小标题。"),
  TooManyAttempts: t("太快了，请等一会儿再试。"),
  WeakPassword: t("密码太短、太常见，或者和邮箱太像。换一个至少 10 个字符的。"),
});

/** The words for an error of the API or of the network; `special` has words for codes of this place. */
export function explain(error, special = {}) {
  if (!error.status) return t("网络不通，没有成功。请再试一次。");
  return special[error.code] || WORDS()[error.code] || error.message;
}
