// Steps on the articles that were chosen in the library: one question, then each article by itself.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { field, icon, sheet } from "../parts.js";
import { explain } from "../problems.js";
import { problemWords } from "../problemwords.js";
import { locale, number, t } from "../text.js";
import { testLines } from "./steps.js";

const AT_ONCE = 10; // publishing asks tests of every text: the bar moves on

const commas = (text) => [...new Set(text.split(/[,，、;；\n]+/).map((word) => word.trim()).filter(Boolean))];

/** Which articles are chosen; lives as long as the list that is shown. `redraw()` is told. */
export class Chosen {
  constructor(redraw) {
    this.articles = new Map();
    this.boxes = new Map();
    this.redraw = redraw;
  }

  /** A list of other articles is shown: what is not in it any more is not chosen any more. */
  keep(items) {
    this.boxes.clear();
    const shown = new Map(items.map((article) => [article.id, article]));
    for (const id of this.articles.keys()) {
      if (shown.has(id)) this.articles.set(id, shown.get(id));
      else this.articles.delete(id);
    }
    this.items = items;
  }

  box(article) {
    const box = el("input", { type: "checkbox", checked: this.articles.has(article.id), "aria-label": t("选中《{title}》", { title: article.title }), on: { change: () => {
      if (box.checked) this.articles.set(article.id, article);
      else this.articles.delete(article.id);
      this.changed();
    } } });
    this.boxes.set(article.id, box);
    return box;
  }

  all() {
    this.every = el("input", { type: "checkbox", "aria-label": t("选中这一页的全部"), on: { change: () => this.set(this.every.checked) } });
    return this.every;
  }

  set(chosen) {
    for (const article of this.items) {
      if (chosen) this.articles.set(article.id, article);
      else this.articles.delete(article.id);
      this.boxes.get(article.id).checked = chosen;
    }
    this.changed();
  }

  changed() {
    if (this.every) {
      this.every.checked = this.articles.size > 0 && this.articles.size === this.items.length;
      this.every.indeterminate = this.articles.size > 0 && !this.every.checked;
    }
    this.redraw();
  }
}

const outcomes = () => ({
  live: t("已生效"), scheduled: t("定时发布"), review: t("已提交，等待审核"), draft: t("改在草稿里"), archived: t("已归档"), unchanged: t("本来就是这样"),
});

/** Why it was not done with one article, in a sentence. */
function words({ error, message, message_zh: chinese, details }) {
  if (error === "BadArticle" && details) return t("发布前要改好 {n} 处", { n: details.length });
  if (locale() !== "zh") return message;
  return chinese && chinese !== message ? chinese : explain({ status: 409, code: error, message }, { NotPublished: t("这篇还没有发布过，或者已经归档。") });
}

/** And what exactly: the tests that speak against it, or what is wrong with its text and where. */
function reasons({ error, details }) {
  if (!details) return null;
  const problem = ({ line, message }) => el("li", {}, line ? t("第 {n} 行：{words}", { n: line, words: problemWords(message) }) : problemWords(message));
  const lines = { KnowledgeTestsFail: () => testLines(details), BadArticle: () => details.map(problem) }[error]?.();
  return lines && el("ul", { class: "problem-lines small" }, lines);
}

function result(done, failed, titles) {
  const kinds = Object.entries(outcomes()).map(([kind, words]) => [words, done.filter((one) => one.outcome === kind).length]).filter(([, n]) => n);
  const link = (id) => el("a", { href: `/knowledge/${encodeURIComponent(id)}` }, titles.get(id) || id);
  sheet({
    title: failed.length ? t("{n} 篇没有做", { n: number(failed.length) }) : t("做完了"),
    body: (close) => [
      kinds.length > 0 && el("p", { class: "good" }, icon("check", "icon-s"), kinds.map(([words, n]) => `${words} ${number(n)}`).join(t("，"))),
      failed.length > 0 && el("ul", { class: "plain-list problem-list" }, failed.map((one) => el("li", {}, link(one.id), el("p", { class: "muted small" }, words(one)), reasons(one)))),
      el("button", { type: "button", class: "button button-main", on: { click: close } }, t("知道了")),
    ],
  });
}

/** Do it with ten at a time; what fails on the way is told with what was done before. */
async function run(articles, action, more, bar) {
  const [done, failed] = [[], []];
  const titles = new Map(articles.map(({ id, title }) => [id, title]));
  for (let start = 0; start < articles.length; start += AT_ONCE) {
    const part = articles.slice(start, start + AT_ONCE);
    const items = part.map(({ id, revision, draft }) => ({ id, revision, version: draft?.version || 0 }));
    try {
      const answer = await api.post("/articles/bulk", { action, items, ...more });
      done.push(...answer.done);
      failed.push(...answer.failed);
    } catch (error) {
      failed.push(...part.map(({ id }) => ({ id, error: error.code || "", message: explain(error) })));
    }
    Object.assign(bar, { hidden: false, value: start + part.length });
  }
  return () => result(done, failed, titles);
}

function ask({ articles, title, words, submit, action, fields = [], read = () => ({}), danger = false, after }) {
  const bar = el("progress", { max: articles.length, value: 0, hidden: true, "aria-label": t("进度") });
  sheet({
    title, submit, danger,
    body: () => [words && el("p", {}, words), fields, bar],
    onSubmit: async () => {
      const show = await run(articles, action, read(), bar);
      await after();
      show();
    },
  });
}

/** The bar above the list with what can be done to the chosen ones. `after()` reads the list anew. */
export function bulkBar(parent, chosen, { rights, known, after }) {
  const articles = [...chosen.articles.values()];
  parent.hidden = !articles.length;
  const n = { n: number(articles.length) };
  const reason = () => el("textarea", { class: "area", rows: 2, maxLength: 1000 });
  const why = (area) => (area.value.trim() ? { reason: area.value.trim() } : {});
  const step = (words, start, tone = "") => el("button", { type: "button", class: `button button-s ${tone}`, on: { click: start } }, words);
  const simple = (action, options) => () => {
    const area = reason();
    ask({ articles, action, after, ...options, fields: [field(t("为什么（选填）"), area)], read: () => why(area) });
  };
  const publish = () => {
    const [area, override] = [reason(), reason()];
    ask({ articles, action: "publish", after, title: t("发布这 {n} 篇的草稿？", n), words: t("每篇先过知识测试；没通过、别人刚改过的不会发布，会列出来。"), submit: t("发布 {n} 篇", n),
      fields: [field(t("改了什么、为什么（选填，留在历史里）"), area), field(t("知识测试没通过也发布的理由（选填，会记下来）"), override)],
      read: () => ({ ...why(area), ...(override.value.trim() && { override: override.value.trim() }) }) });
  };
  const move = () => {
    const list = el("datalist", { id: "bulk-categories" }, known.categories.map((value) => el("option", { value })));
    const place = el("input", { class: "input", list: list.id, maxLength: 200 });
    ask({ articles, action: "change", after, title: t("移动 {n} 篇文章", n), words: changed(), submit: t("移动 {n} 篇", n),
      fields: [field(t("分类"), place, t("最多三层，用 / 隔开，例如 手机/屏幕/碎屏")), list], read: () => ({ change: { category: place.value.trim() } }) });
  };
  const changed = () => (rights.publish ? t("已发布的马上生效；你自己的草稿改在草稿里，别人的草稿不动。") : t("已发布的提交审核；你自己的草稿改在草稿里，别人的草稿不动。"));
  const set = () => {
    const kinds = [["product", t("商品"), "text", (text) => text], ["tags", t("标签"), "text", commas], ["valid_until", t("有效期至"), "date", (text) => text || null]];
    const rows = kinds.map(([key, words, type, value]) => {
      const input = el("input", { class: "input", type, maxLength: type === "text" ? 100 : undefined, "aria-label": words });
      const on = el("input", { type: "checkbox" });
      input.addEventListener("input", () => { on.checked = true; });
      return { key, on, input, value, node: el("div", { class: "bulk-row" }, el("label", { class: "check" }, on, words), input) };
    });
    ask({ articles, action: "change", after, title: t("改 {n} 篇文章的属性", n), words: [changed(), " ", t("勾上的才改；勾上又留空，就是去掉。标签会换成这里写的，用逗号隔开。")], submit: t("改 {n} 篇", n),
      fields: rows.map((row) => row.node), read: () => ({ change: Object.fromEntries(rows.filter((row) => row.on.checked).map((row) => [row.key, row.value(row.input.value.trim())])) }) });
  };
  fill(parent,
    el("strong", {}, t("已选 {n} 篇", n)),
    step(t("移动分类"), move), step(t("改属性"), set),
    step(t("提交审核"), simple("submit", { title: t("把这 {n} 篇的草稿提交审核？", n), submit: t("提交 {n} 篇", n) })),
    rights.publish && step(t("发布"), publish),
    step(t("归档"), simple("archive", { title: t("归档这 {n} 篇文章？", n), words: t("机器人马上不再用它们回答。内容和历史都会保留，随时可以恢复。"), submit: t("归档 {n} 篇", n), danger: true }), "button-danger"),
    step(t("取消选择"), () => { chosen.set(false); }, "button-quiet"));
}
