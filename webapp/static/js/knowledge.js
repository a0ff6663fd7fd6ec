// The list of articles, and the box that asks them.

import { api } from "./api.js";
import { askBox } from "./ask.js";
import { el } from "./dom.js";
import { page } from "./pagedata.js";
import { empty, loadInto, moment, settled, tabs } from "./parts.js";
import { number, t } from "./text.js";
import { statusTone, statusWords } from "./words.js";

const box = document.getElementById("list");
const find = document.getElementById("find");
const state = { items: [], status: "published" };

function row(article) {
  const scope = [article.product, ...(article.versions || [])].filter(Boolean).join(" ");
  const over = article.valid_until && new Date(article.valid_until) < new Date();
  return el("tr", {},
    el("td", {}, el("a", { class: "title", href: `/knowledge/${encodeURIComponent(article.id)}` }, article.title),
      el("p", { class: "small muted" }, [scope, ...(article.tags || []).map((tag) => `#${tag}`)].filter(Boolean).join("  "))),
    el("td", { class: "hide-phone" }, over ? el("span", { class: "tag tag-red" }, t("已过期")) : el("span", { class: `tag ${statusTone(article.status)}` }, statusWords(article.status))),
    el("td", { class: "muted hide-phone" }, article.updated_at ? moment(article.updated_at) : ""));
}

function show() {
  const wanted = find.value.trim().toLowerCase();
  const text = (article) => [article.title, article.id, article.product, ...(article.tags || [])].join(" ").toLowerCase();
  const rows = state.items.filter((article) => article.status === state.status && text(article).includes(wanted));
  const count = (status) => number(state.items.filter((article) => article.status === status).length);
  const present = ["published", "review", "draft", "archived"].filter((status) => count(status) !== "0");
  const choice = document.getElementById("tabs");
  choice.hidden = present.length < 2;
  tabs(choice, present.map((status) => [status, statusWords(status), count(status)]), state.status, (status) => { state.status = status; draw(); });
  if (!state.items.length) return empty("book", t("还没有知识"), t("机器人只用这里的文章回答。导入 Markdown，或者写第一篇。"), page.may.edit && el("a", { class: "button button-main", href: "/knowledge/import" }, t("导入 Markdown")));
  if (!rows.length) return empty("search", t("没有找到"), t("换个词，或者写一篇新的。"));
  const head = el("thead", {}, el("tr", {}, el("th", {}, t("文章")), el("th", { class: "hide-phone" }, t("状态")), el("th", { class: "hide-phone" }, t("更新"))));
  return el("table", { class: "list-table" }, head, el("tbody", {}, rows.map(row)));
}

const draw = () => box.replaceChildren(show());

async function everything() {
  const [live, archived] = await Promise.all([api.get("/articles"), api.get("/articles", { status: "archived" })]);
  return [...new Map([...live.items, ...archived.items].map((article) => [article.id, article])).values()];
}

loadInto(box, everything, (items) => { state.items = items; return show(); });
find.addEventListener("input", settled(draw, 120));
askBox();
