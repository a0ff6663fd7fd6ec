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

function test(item) {
  return el("li", {}, el("span", {}, item.question), el("span", { class: "muted small" }, ` → ${item.heading || t("不该回答")}`));
}

function show(article) {
  document.title = `${article.title} · ${t("接待")}`;
  return [
    el("header", { class: "page-head" }, el("h1", {}, article.title), el("span", { class: `tag ${statusTone(article.status)}` }, statusWords(article.status)), buttons(article)),
    el("div", { class: "columns" },
      el("article", { class: "card-box card-body-box rich", html: article.html }),
      el("aside", { class: "stack" },
        el("section", { class: "card-box card-body-box detail-list" }, el("dl", {}, [
          pair(t("编号"), article.id), pair(t("商品"), article.product), pair(t("版本"), (article.versions || []).join("、")), pair(t("渠道"), (article.channels || []).join("、")), pair(t("标签"), (article.tags || []).join("、")), pair(t("有效期至"), article.valid_until),
          pair(t("修订"), String(article.revision)), pair(t("更新"), article.updated_at && el("span", {}, moment(article.updated_at), article.updated_by ? ` · ${article.updated_by}` : "")),
        ].filter(Boolean))),
        article.questions.length > 0 && el("section", { class: "card-box card-body-box" }, el("h2", {}, t("相似问题")), el("ul", { class: "plain-list" }, article.questions.map((question) => el("li", {}, question)))),
        article.tests.length > 0 && el("section", { class: "card-box card-body-box" }, el("h2", {}, t("知识测试")), el("ul", { class: "plain-list" }, article.tests.map(test))))),
  ];
}

const load = () => loadInto(box, () => api.get(path), show);

load().then(() => {}, complain);
