// One article as readers see it, with its similar questions and its tests.

import { api } from "./api.js";
import { el } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, icon, loadInto, moment, sheet, toast } from "./parts.js";
import { t } from "./text.js";
import { statusTone, statusWords } from "./words.js";

const box = document.getElementById("article");
const path = `/articles/${encodeURIComponent(page.article)}`;

const pair = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];

function buttons(article) {
  if (!page.may.edit) return null;
  return [
    article.status !== "archived" && el("button", { type: "button", class: "button button-danger", on: { click: () => archive(article) } }, t("归档")),
    el("a", { class: "button button-main", href: `/knowledge/${encodeURIComponent(article.id)}/edit` }, icon("edit", "icon-s"), t("编辑")),
  ];
}

function archive(article) {
  sheet({
    title: t("归档这篇文章？"), submit: t("归档"), danger: true,
    body: () => el("p", {}, t("机器人不再用它回答。内容会保留，编辑后再发布就能恢复。")),
    onSubmit: async () => { await api.remove(path); toast(t("已归档")); load(); },
  });
}

/** A question as it is written: "question" or "question -> heading", the heading that answers it. */
function parted(written) {
  const at = written.lastIndexOf("->");
  return at < 0 ? { question: written, heading: null } : { question: written.slice(0, at).trim(), heading: written.slice(at + 2).trim() };
}

/** Give each heading of the article an address; heading's words → its id. */
function addressed(body) {
  return new Map([...body.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading, at) => {
    heading.id = `part-${at + 1}`;
    heading.tabIndex = -1;
    return [heading.textContent.trim(), heading.id];
  }));
}

/** question → the heading that answers it; `otherwise` stands where no heading is named. */
function route({ question, heading }, headings, otherwise = null) {
  const id = headings.get(heading);
  const target = !heading ? otherwise : id ? el("a", { href: `#${id}` }, heading) : el("span", { class: "tag tag-red", title: t("文章里没有这个小标题") }, heading);
  return el("li", {}, el("span", {}, question), target && el("span", { class: "route-to" }, icon("arrow", "icon-s"), el("span", { class: "unseen" }, t("由这一段回答：")), target));
}

function show(article) {
  document.title = `${article.title} · ${t("接待")}`;
  const body = el("article", { class: "card-box card-body-box rich", html: article.html });
  const headings = addressed(body);
  return [
    el("header", { class: "page-head" }, el("h1", {}, article.title), el("span", { class: `tag ${statusTone(article.status)}` }, statusWords(article.status)), buttons(article)),
    el("div", { class: "columns" },
      body,
      el("aside", { class: "stack" },
        el("section", { class: "card-box card-body-box detail-list" }, el("dl", {}, [
          pair(t("编号"), article.id), pair(t("商品"), article.product), pair(t("版本"), (article.versions || []).join("、")), pair(t("渠道"), (article.channels || []).join("、")), pair(t("标签"), (article.tags || []).join("、")), pair(t("有效期至"), article.valid_until),
          pair(t("修订"), String(article.revision)), pair(t("更新"), article.updated_at && el("span", {}, moment(article.updated_at), article.updated_by ? ` · ${article.updated_by}` : "")),
        ].filter(Boolean))),
        article.questions.length > 0 && el("section", { class: "card-box card-body-box" }, el("h2", {}, t("相似问题")), el("ul", { class: "plain-list routes" }, article.questions.map((written) => route(parted(written), headings)))),
        article.tests.length > 0 && el("section", { class: "card-box card-body-box" }, el("h2", {}, t("知识测试")), el("ul", { class: "plain-list routes" }, article.tests.map((test) => route(test, headings, el("span", { class: "muted" }, t("不该回答")))))))),
  ];
}

const load = () => loadInto(box, () => api.get(path), show);

load().then(() => {}, complain);
