// What went wrong, in the reader's language; the server's own words where they say more.

import { problemWords } from "./problemwords.js";
import { t } from "./text.js";

const WORDS = () => ({
  AlreadyExists: t("这个编号已经有一篇文章了，换一个编号。"),
  AlreadyClaimed: t("已经有人接待了。"),
  ArticleNotFound: t("可能已被移走，或者你看不到它。"),
  BadSchedule: t("这个时间不行：要晚于现在，而且在两年之内。"),
  ConversationClosed: t("会话已经结束。"),
  ConversationNotFound: t("可能已被移走，或者你看不到它。"),
  DraftLocked: t("这份草稿已经在审核，或者定好了时间发布。要改的话，先撤回。"),
  DraftMoved: t("别人刚改过这份草稿，请刷新后再试。"),
  DraftNotFound: t("这份草稿已经发布或放弃了，请刷新。"),
  EditConflict: t("别人刚改过，请刷新后再试。"),
  FrontMatterUnreadable: t("抬头现在读不出来，先在原文里改好标红的那一行。"),
  IndexUnavailable: t("知识索引还没准备好，请过一会儿再试。"),
  LiveMoved: t("这份草稿写好之后，别人又发布了新的一版。先在编辑器里对一下两边的内容。"),
  KnowledgeTestsFail: t("知识测试没有通过：先改好，或者写明为什么仍然发布。"),
  ModelUnavailable: t("模型还没准备好，请过一会儿再试。"),
  NothingHere: t("可能已被移走，或者你看不到它。"),
  NotAllowed: t("你的角色不能做这件事。需要的话，请找管理员。"),
  NotArchived: t("这篇没有归档，不用恢复。"),
  NotInReview: t("这份草稿不在审核中，请刷新。"),
  NotPublished: t("这篇还没有发布过，不要的话放弃草稿就行。"),
  NotYourConversation: t("这段对话不在你手上。"),
  ReasonMissing: t("请写明要改什么，写的人才知道怎么改。"),
  ReviewRequired: t("这里的内容要审核后才能发布：请提交审核，由主管或管理员通过。"),
  SecondPersonNeeded: t("这是你自己写的，要由另一位主管或管理员通过。"),
  RevisionNotFound: t("历史里没有这一版。"),
  StoreUnavailable: t("系统暂时不可用，什么都没有丢。请过一会儿再试。"),
  TicketNotFound: t("可能已被移走，或者你看不到它。"),
  TitleMissing: t("文章还没有标题：写在 title: 后面，或者加一个小标题。"),
  TooManyAttempts: t("太快了，请等一会儿再试。"),
  WeakPassword: t("密码太短、太常见，或者和邮箱太像。换一个至少 10 个字符的。"),
});

/** The words for an error of the API or of the network; `special` has words for codes of this place. */
export function explain(error, special = {}) {
  if (!error.status) return t("网络不通，没有成功。请再试一次。");
  if (error.code === "BadArticle" && Array.isArray(error.details)) return error.details.map(({ message }) => problemWords(message)).join(" ");
  return special[error.code] || WORDS()[error.code] || error.message;
}
