// The history of an article: every step with who, when and why; any two texts to compare.

import { articles } from "./articles/calls.js";
import { stepWords } from "./articles/state.js";
import { askToRollBack } from "./articles/steps.js";
import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, empty, loadInto, moment } from "./parts.js";
import { t } from "./text.js";

const box = document.getElementById("history");
const home = `/knowledge/${encodeURIComponent(page.article)}`;
const state = { article: null, items: [], cursor: null, chosen: new Set() };
const TONES = { published: "tag-green", rejected: "tag-red", review: "tag-accent", scheduled: "tag-accent", archived: "tag-amber", discarded: "tag-amber" };

/** Saves of one writer after another are one line: `[newest, …]` each. */
export function runs(items) {
  const found = [];
  for (const item of items) {
    const last = found.at(-1)?.[0];
    if (last && item.state === "draft" && last.state === "draft" && last.by === item.by) found.at(-1).push(item);
    else found.push([item]);
  }
  return found;
}

const compare = (from, to) => `${home}/compare?${new URLSearchParams({ from, to })}`;

function choice(item) {
  const box = el("input", { type: "checkbox", value: String(item.number), checked: state.chosen.has(item.number), "aria-label": t("选第 {n} 版来对比", { n: item.number }) });
  box.addEventListener("change", () => {
    if (box.checked) state.chosen.add(item.number);
    else state.chosen.delete(item.number);
    while (state.chosen.size > 2) state.chosen.delete([...state.chosen][0]);
    for (const other of document.querySelectorAll(".history input[type=checkbox]")) other.checked = state.chosen.has(Number(other.value));
    bar();
  });
  return box;
}

/** Why a step was made, and why it was made although tests spoke against it (webapp/import_part.py, note_override). */
function whys(reason) {
  const [, given, tests, why] = reason.match(/^(.*?) ?\[(\d+) tests overridden: (.*)\]$/s) || [null, reason];
  return [given && el("p", { class: "history-reason" }, el("q", {}, given)),
    why && el("p", { class: "history-reason" }, t("{n} 处知识测试没通过，仍然发布：", { n: tests }), el("q", {}, why))];
}

function step(run, at, all) {
  const [item] = run;
  const times = run.length > 1 ? t("保存了 {n} 次草稿", { n: run.length }) : stepWords(item.state);
  const words = item.restores ? t("恢复到第 {n} 版", { n: item.restores }) : times;
  const before = all.slice(at + 1).find(([other]) => other.state === "published")?.[0].number;
  const past = !item.live && item.state !== "archived" && item.state !== "discarded";
  return el("tr", {},
    el("td", { class: "hide-phone" }, choice(item)),
    el("td", { class: "num" }, t("第 {n} 版", { n: item.number })),
    el("td", {}, el("span", { class: "badges" }, el("span", { class: `tag ${TONES[item.state] || ""}` }, words), item.live && el("span", { class: "tag tag-green" }, t("客户看到的"))), item.reason && whys(item.reason)),
    el("td", {}, el("span", { class: "who" }, item.at && moment(item.at), el("span", { class: "small" }, item.by || t("不知道是谁")), item.author && item.author !== item.by && el("span", { class: "small muted" }, t("{name} 写的", { name: item.author })))),
    el("td", {}, el("span", { class: "row-line history-links" },
      before && el("a", { class: "button button-s", href: compare(before, item.number), "aria-label": t("看第 {n} 版改了什么", { n: item.number }) }, t("看改动")),
      past && el("a", { class: "button button-s", href: compare("live", item.number), "aria-label": t("第 {n} 版和现在的对比", { n: item.number }) }, t("和现在比")),
      past && item.state === "published" && page.rights.bring_back && el("button", { type: "button", class: "button button-s", "aria-label": t("恢复到第 {n} 版", { n: item.number }), on: { click: () => askToRollBack(state.article, item.number, load) } }, t("恢复"))))
  );
}

/** What the two chosen ones can be used for. */
function bar() {
  const two = [...state.chosen].sort((a, b) => a - b);
  const link = document.getElementById("compare-two");
  link.hidden = two.length !== 2;
  if (two.length === 2) link.href = compare(two[0], two[1]);
}

function show() {
  if (!state.items.length) return empty("clock", t("还没有历史"), t("导入之前的版本没有留下来；从下一次保存起都会记在这里。"));
  const head = el("tr", {}, el("th", { class: "hide-phone" }, el("span", { class: "unseen" }, t("选来对比"))), el("th", {}, t("版次")), el("th", {}, t("做了什么")), el("th", {}, t("谁，什么时候")), el("th", {}, el("span", { class: "unseen" }, t("操作"))));
  const grouped = runs(state.items);
  return [
    el("table", { class: "list-table history" }, el("thead", {}, head), el("tbody", {}, grouped.map((run, at) => step(run, at, grouped)))),
    el("p", { class: "card-body-box row-line" }, el("a", { class: "button button-main", id: "compare-two", hidden: true }, t("对比选中的两版")),
      state.cursor && el("button", { type: "button", class: "button", on: { click: more } }, t("更早的"))),
  ];
}

async function more() {
  try {
    const found = await articles.history(page.article, state.cursor);
    Object.assign(state, { items: [...state.items, ...found.items], cursor: found.next_cursor });
    fill(box, show());
    bar();
  } catch (error) { complain(error); }
}

const load = () => loadInto(box, () => Promise.all([articles.show(page.article), articles.history(page.article)]), ([article, found]) => {
  document.title = `${t("历史")} · ${article.title} · ${t("接待")}`;
  fill(document.getElementById("title"), t("历史：{title}", { title: article.title }));
  Object.assign(state, { article, items: found.items, cursor: found.next_cursor });
  return show();
});

load();
