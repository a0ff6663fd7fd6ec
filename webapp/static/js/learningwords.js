// What gaps, findings and test runs are called, and what to do about them.

import { t } from "./text.js";
import { reasonWords } from "./words.js";

/** Why there was no good answer. */
export function gapReason(reason) {
  return reason === "disliked" ? t("客户点了没帮助") : reasonWords(reason);
}

export const gapStates = () => [["open", t("待处理")], ["snoozed", t("稍后")], ["solved", t("已解决")], ["dismissed", t("已忽略")]];

/** A kind of finding: its name, what it means, and what to do. */
export function findingWords({ kind, detail }) {
  const words = {
    contradiction: [t("互相矛盾"), t("两段话回答同一个问题，但数字、时间或可否不一样。确定哪一个对，改掉另一个。")],
    same_question: [t("同一个问题，两个答案"), t("两篇文章写了同样的相似问题。只留在该回答的那一篇。")],
    duplicate: [t("重复内容"), t("两段话几乎一样，以后容易改一处漏一处。合并，或者用链接。")],
    failing_test: [t("测试没有通过"), t("机器人没有用指定的那一段回答这个问题。改内容、加相似问题，或者改测试。")],
    disliked: [t("客户觉得没帮助"), t("{votes} 次评价里有 {unhelpful} 次说没帮助。看看客户问的是什么，再改写。", detail)],
    expired: [t("已过期"), t("有效期到 {date}，已经不再用来回答。更新日期，或者归档。", detail)],
    expires_soon: [t("快过期"), t("有效期到 {date}，还有 {days} 天。准备好接替它的内容。", detail)],
    dead_link: [t("链接打不开"), DEAD()[detail.reason]],
    stale: [t("很久没改"), t("{days} 天没有改过。读一遍，还对就保存一次。", detail)],
    unused: [t("没人用"), t("最近 {days} 天没有回答过任何客户。补相似问题，或者归档。", detail)],
    orphan_file: [t("没有文章用的文件"), t("没有一篇已发布的文章引用它。可以删掉。")],
    no_tests: [t("没有测试"), t("加几个测试问题，以后改动时就知道有没有改坏。")],
    too_long: [t("段落太长"), t("一段有 {characters} 个字，客户很难读完。用小标题分开。", detail)],
  };
  return words[kind] || [kind, ""];
}

const DEAD = () => ({
  article: t("这个链接指的文章不存在。改成现有的文章，或者去掉。"),
  heading: t("文章在，但是没有这个小标题。改成现有的小标题。"),
  file: t("这个文件没有保存过。重新上传，或者去掉。"),
  address: t("网址写得不对。改成以 https:// 开头的完整网址。"),
});

export const severityTone = (severity) => ({ high: "tag-red", medium: "tag-amber" })[severity] || "";
