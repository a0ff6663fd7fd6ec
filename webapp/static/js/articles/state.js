// Where an article stands, as people say it; the list's filter counts by the same names.

import { el } from "../dom.js";
import { t } from "../text.js";

/** One of STATES; a draft beside a published text says more than that it is published. */
export function stateOf(article) {
  if (article.status === "archived") return "archived";
  const working = article.draft?.state;
  if (working === "review" || working === "scheduled") return working;
  if (!article.revision) return "draft";
  if (article.expired) return "expired";
  return working ? "changed" : "published";
}

/** What a state is called. */
export function stateWords(state) {
  return {
    draft: t("草稿"), review: t("待审核"), scheduled: t("定时发布"), changed: t("已发布，有改动"),
    published: t("已发布"), expired: t("已过期"), archived: t("已归档"),
  }[state];
}

const TONES = { draft: "tag-amber", review: "tag-accent", scheduled: "tag-accent", changed: "tag-amber", published: "tag-green", expired: "tag-red" };

/** The labels of an article: where it stands, and what else matters about its live text. */
export function badges(article) {
  const state = stateOf(article);
  const tag = (name) => el("span", { class: `tag ${TONES[name] || ""}` }, stateWords(name));
  const shown = [tag(state)];
  if (["review", "scheduled"].includes(state) && article.revision) shown.unshift(tag(article.expired ? "expired" : "published"));
  if (state === "changed" && article.expired) shown.push(tag("expired"));
  return shown;
}

/** What a step in the history was. */
export function stepWords(state) {
  return {
    draft: t("保存了草稿"), review: t("提交审核"), withdrawn: t("撤回"), rejected: t("退回修改"), scheduled: t("定好时间发布"),
    published: t("发布"), archived: t("归档"), discarded: t("放弃草稿"),
  }[state] || state;
}
