// How the articles' tests went over time, and what failed last.

import { api } from "./api.js";
import { lines } from "./charts.js";
import { el, fill } from "./dom.js";
import { complain, empty, icon, loadInto, moment, toast } from "./parts.js";
import { number, t } from "./text.js";

const box = document.getElementById("list");

const share = (value) => (value === null ? "–" : `${(value * 100).toFixed(1)}%`);

const FIGURES = () => [["recall_at_1", t("第一段就对")], ["recall_at_5", t("前五段里有")], ["mrr", t("平均倒数排名")], ["answered", t("该答的答了")], ["abstained", t("该拒答的拒了")]];

function failure(item) {
  const wanted = item.heading === null ? t("不该回答") : `${item.article_id} › ${item.heading}`;
  return el("tr", {},
    el("td", {}, item.question),
    el("td", {}, item.article_id ? el("a", { href: `/knowledge/${encodeURIComponent(item.article_id)}` }, wanted) : wanted),
    el("td", { class: "muted" }, item.found || t("什么也没有"), " ", item.answerable ? `${Math.round(item.score * 100)}%` : t("（没有说）")));
}

function show({ runs, last }) {
  if (!runs.length) return el("div", { class: "card-box" }, empty("check", t("还没有跑过测试"), t("点“现在测试”，把所有文章自带的测试问题问一遍。")));
  const inOrder = [...runs].reverse();
  const series = FIGURES().map(([name, words]) => [name, words, inOrder.map((run) => run[name])]);
  const head = (names, counted = names.length) => el("thead", {}, el("tr", {}, names.map((words, at) => el("th", { scope: "col", class: at >= counted ? "num" : "" }, words))));
  return el("div", { class: "stack" },
    el("section", { class: "card-box card-body-box" }, lines(series, inOrder.map((run) => run.at))),
    el("section", { class: "card-box" }, el("div", { class: "scroll-x" }, el("table", { class: "list-table" }, head([t("时间"), t("通过"), ...FIGURES().map(([, words]) => words)], 1),
      el("tbody", {}, runs.map((run) => el("tr", {}, el("td", {}, moment(run.at), el("p", { class: "small muted" }, run.by)), el("td", { class: "num" }, `${number(run.passed)} / ${number(run.cases)}`), FIGURES().map(([name]) => el("td", { class: "num" }, share(run[name]))))))))),
    el("section", { class: "card-box card-body-box" }, el("h2", {}, t("最近一次没有通过的")),
      last.failures.length ? el("div", { class: "scroll-x" }, el("table", { class: "list-table" }, head([t("问题"), t("应该由"), t("实际找到")]), el("tbody", {}, last.failures.map(failure)))) : el("p", { class: "good" }, t("全部通过"))));
}

async function everything() {
  const { items } = await api.get("/knowledge/tests/runs", { scope: "all" });
  return { runs: items, last: items.length ? await api.get(`/knowledge/tests/runs/${items[0].id}`) : null };
}

const load = () => loadInto(box, everything, show);

/** The worker asks; look until its run is there. */
async function finished(after) {
  for (let looks = 0; looks < 100; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const { items } = await api.get("/knowledge/tests/runs", { scope: "all", limit: 1 });
    if (items[0]?.id > after) return;
  }
}

const run = el("button", { type: "button", class: "button button-main", on: { click: async () => {
  run.disabled = true;
  try {
    const { after } = await api.post("/knowledge/tests/runs");
    toast(t("正在测试，几百个问题要几十秒。可以离开这一页。"));
    await finished(after);
    await load();
  } catch (error) { complain(error); }
  run.disabled = false;
} } }, icon("check", "icon-s"), t("现在测试"));

document.getElementById("tabs").remove();
fill(document.getElementById("actions"), run);
load();
