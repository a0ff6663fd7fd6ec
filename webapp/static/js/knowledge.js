// The library: tree, search, filters and the list of articles; the address keeps what is looked at.

import { api } from "./api.js";
import { Chosen, bulkBar } from "./articles/bulk.js";
import { badges, stateWords } from "./articles/state.js";
import { Tree } from "./articles/tree.js";
import { askBox } from "./ask.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, empty, loadInto, moment, settled, tabs } from "./parts.js";
import { number, t } from "./text.js";

const byId = (id) => document.getElementById(id);
const [box, filters, find] = ["list", "filters", "find"].map(byId);
const STATES = ["published", "changed", "draft", "review", "scheduled", "expired", "archived"];
const CHOICES = ["product", "tag", "channel"];
const use = { known: null };
const known = { categories: [] };
const chosen = page.may.edit ? new Chosen(() => bulkBar(byId("bulk"), chosen, { rights: page.rights, known, after: () => { chosen.articles.clear(); return load(); } })) : null;
let seen = 0;

const asked = () => Object.fromEntries(new URLSearchParams(location.search));
const tree = new Tree(byId("tree"), (category) => { go({ category }); if (narrow.matches) byId("tree-box").open = false; });
const narrow = matchMedia("(max-width: 860px)");

/** Look at something else; what is "" leaves the address, and the first page is shown. */
function go(changes, { typing = false } = {}) {
  const wanted = Object.entries({ ...asked(), page: "", ...changes }).filter(([, value]) => value);
  const text = new URLSearchParams(wanted).toString();
  const address = text ? `?${text}` : location.pathname;
  if (typing) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  load();
}

function row(article) {
  const scope = [article.category.join(" / "), article.product, ...article.versions].filter(Boolean).join(" · ");
  const times = use.known?.get(article.id) || 0;
  const title = el("a", { class: "title", href: `/knowledge/${encodeURIComponent(article.id)}` }, article.title);
  return el("tr", {},
    chosen && el("td", { class: "pick" }, chosen.box(article)),
    el("td", {}, title, el("p", { class: "small muted" }, [scope, ...article.tags.map((tag) => `#${tag}`)].filter(Boolean).join("  ")), el("p", { class: "phone-only" }, el("span", { class: "badges" }, badges(article)))),
    el("td", { class: "hide-phone" }, el("span", { class: "badges" }, badges(article))),
    use.known && el("td", { class: "num hide-phone" }, times ? number(times) : el("span", { class: "muted" }, "0")),
    el("td", { class: "muted hide-phone" }, changed(article)));
}

/** Who changed it last and when: the draft, where there is one. */
function changed(article) {
  const [by, at] = article.draft ? [article.draft.author, article.draft.written_at] : [article.updated_by, article.updated_at];
  return at && el("span", { class: "who" }, moment(at), by && el("span", { class: "small" }, by));
}

function nothing(shown) {
  if (!shown.everything) return empty("book", t("还没有知识"), t("机器人只用这里的文章回答。导入 Markdown，或者写第一篇。"), page.may.edit && el("a", { class: "button button-main", href: "/knowledge/import" }, t("导入 Markdown")));
  const clear = el("button", { type: "button", class: "button", on: { click: () => { filters.reset(); history.pushState(null, "", location.pathname); load(); } } }, t("清除所有条件"));
  return empty("search", t("没有找到"), t("换个词，或者放宽条件。"), clear);
}

function pager(shown) {
  const pages = Math.ceil(shown.total / shown.page_size);
  if (pages < 2) return null;
  const turn = (to, words) => el("button", { type: "button", class: "button button-s", disabled: to < 1 || to > pages, on: { click: () => { go({ page: String(to) }); byId("main").scrollTop = 0; } } }, words);
  return el("nav", { class: "pager", "aria-label": t("翻页") }, turn(shown.page - 1, t("上一页")), el("span", { class: "num" }, t("第 {page} / {pages} 页，共 {n} 篇", { page: number(shown.page), pages: number(pages), n: number(shown.total) })), turn(shown.page + 1, t("下一页")));
}

function show(shown) {
  if (!shown.items.length) { chosen?.keep([]); chosen?.changed(); return nothing(shown); }
  chosen?.keep(shown.items);
  const head = el("tr", {}, chosen && el("th", { class: "pick" }, chosen.all()), el("th", {}, t("文章")), el("th", { class: "hide-phone" }, t("状态")), use.known && el("th", { class: "hide-phone num", title: t("最近 30 天里用它回答了客户几次") }, t("使用")), el("th", { class: "hide-phone" }, t("更新")));
  const table = el("table", { class: "list-table" }, el("thead", {}, head), el("tbody", {}, shown.items.map(row)));
  chosen?.changed();
  return [table, pager(shown)];
}

/** The choices beside the list: only what there is to choose from. */
function around(shown, query) {
  const present = STATES.filter((state) => shown.states[state] || state === query.state);
  const all = STATES.filter((state) => state !== "archived").reduce((sum, state) => sum + (shown.states[state] || 0), 0);
  tabs(byId("tabs"), [["", t("全部"), number(all)], ...present.map((state) => [state, stateWords(state), number(shown.states[state] || 0)])], query.state || "", (state) => go({ state }));
  for (const name of CHOICES) {
    const choice = filters.elements[name];
    const words = { product: t("全部商品"), tag: t("全部标签"), channel: t("全部渠道") }[name];
    fill(choice, el("option", { value: "" }, words), shown[`${name}s`].map((value) => el("option", { value, selected: value === query[name] }, value)));
    choice.hidden = !shown[`${name}s`].length;
  }
  known.categories = shown.categories.filter(({ path }) => path.length).map(({ path }) => path.join("/"));
  tree.draw(shown.categories, query.category || "");
  fill(byId("tree-now"), query.category ? t("分类：{name}", { name: query.category === "-" ? t("未分类") : query.category.replaceAll("/", " / ") }) : t("分类"));
}

async function load() {
  const query = asked();
  seen += 1;
  const mine = seen;
  const ask = () => api.get("/knowledge/catalogue", query);
  if (!box.querySelector("table")) { await loadInto(box, ask, (shown) => { around(shown, query); return show(shown); }); return; }
  try {
    const shown = await ask();
    if (mine !== seen) return; // somebody typed on: a later answer is on its way
    around(shown, query);
    fill(box, show(shown));
  } catch (error) { complain(error); }
}

/** How often each article answered; the column stays away where this role may not see it. */
async function countUse() {
  if (!page.rights.history) return;
  try {
    const { items } = await api.get("/knowledge/use", { days: 30 });
    use.known = items.length ? new Map() : null;
    for (const { article_id: id, answers } of items) use.known.set(id, (use.known.get(id) || 0) + answers);
  } catch { use.known = null; }
}

function restore() {
  const query = asked();
  for (const field of filters.elements) {
    if (field.type === "checkbox") field.checked = query[field.name] === "true";
    else if (field.name === "q") field.value = query.q || "";
  }
}

find.addEventListener("input", settled(() => go({ q: find.value.trim() }, { typing: true }), 250));
filters.addEventListener("submit", (event) => { event.preventDefault(); go({ q: find.value.trim() }); });
filters.addEventListener("change", ({ target }) => { if (target !== find) go({ [target.name]: target.type === "checkbox" ? (target.checked ? "true" : "") : target.value }); });
box.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen?.articles.size) chosen.set(false); });
addEventListener("popstate", () => { restore(); load(); });
byId("tree-box").open = !narrow.matches;
if (matchMedia("(max-width: 1280px)").matches) byId("ask-box").open = false;
restore();
countUse().then(load);
askBox();
