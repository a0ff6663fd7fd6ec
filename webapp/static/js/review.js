// What is on its way to customers: waiting for a reviewer, for its time, or for its writer.

import { articles } from "./articles/calls.js";
import { el } from "./dom.js";
import { page } from "./pagedata.js";
import { empty, loadInto, moment } from "./parts.js";
import { exact, number, t } from "./text.js";

const heldUp = (draft) => draft.state === "draft" && draft.failure && !draft.publish_at;

const box = document.getElementById("queue");

function row(draft) {
  const look = `/knowledge/${encodeURIComponent(draft.article_id)}/compare?from=live&to=draft`;
  const scheduled = draft.state === "scheduled";
  const words = heldUp(draft) ? null : draft.failure || draft.reason;
  const main = draft.state === "review" && page.rights.review && draft.author !== page.me.name;
  return el("tr", {},
    el("td", {}, el("a", { class: "title", href: look }, draft.title), words && el("p", { class: `small ${draft.failure ? "bad" : "muted"}` }, el("q", {}, words))),
    el("td", {}, el("span", { class: "who" }, scheduled ? el("time", { dateTime: draft.publish_at }, exact(draft.publish_at)) : moment(draft.state === "draft" ? draft.written_at : draft.step_at), el("span", { class: "small" }, draft.author))),
    el("td", { class: "hide-phone" }, el("a", { class: `button button-s${main ? " button-main" : ""}`, href: look }, draft.state === "review" && page.rights.review ? t("审核") : t("看改动"))));
}

function group(title, drafts, hint, last) {
  if (!drafts.length) return null;
  const head = el("tr", {}, el("th", {}, t("文章")), el("th", {}, last), el("th", { class: "hide-phone" }, el("span", { class: "unseen" }, t("操作"))));
  return el("section", { class: "stack" }, el("div", {}, el("h2", {}, title, " ", el("span", { class: "count count-quiet" }, number(drafts.length))), el("p", { class: "muted small" }, hint)),
    el("div", { class: "card-box" }, el("table", { class: "list-table" }, el("thead", {}, head), el("tbody", {}, drafts.map(row)))));
}

function show({ items }) {
  if (!items.length) return empty("check", t("没有要审核的"), t("编辑提交的改动会排在这里，等得最久的在最前面。"), el("a", { class: "button", href: "/knowledge" }, t("去看文章")));
  const of = (state) => items.filter((draft) => draft.state === state);
  const held = of("draft").filter(heldUp);
  const returned = of("draft").filter((draft) => !heldUp(draft) && (draft.reason || draft.failure));
  const writing = of("draft").filter((draft) => !held.includes(draft) && !returned.includes(draft));
  return el("div", { class: "stack queue" },
    group(t("等待审核"), of("review"), t("等得最久的在最前面。"), t("提交")),
    group(t("退回修改的"), returned, t("写的人改好后会再提交。"), t("退回")),
    group(t("导入时知识测试没通过"), held, t("改好内容或测试再发布；发布时会再测一遍。"), t("导入")),
    group(t("定时发布"), of("scheduled"), t("到时间自动发布。"), t("发布时间")),
    group(t("正在写的"), writing, t("还没有提交，客户看不到。"), t("上次保存")));
}

loadInto(box, articles.waiting, show);
