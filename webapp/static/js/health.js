// What is wrong with the articles: each finding with the words that matter, and a link to mend it.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { findingWords, severityTone } from "./learningwords.js";
import { complain, empty, icon, loadInto, moment, tabs, toast } from "./parts.js";
import { page } from "./pagedata.js";
import { number, t } from "./text.js";

const box = document.getElementById("list");
const state = { items: [], kind: "", report: null };

/** The words with what differs marked; spans count characters, not UTF-16 units. */
function marked({ text, spans }) {
  const letters = [...text];
  const nodes = [];
  let end = 0;
  for (const [start, stop] of spans) {
    nodes.push(letters.slice(end, start).join(""), el("mark", {}, letters.slice(start, stop).join("")));
    end = stop;
  }
  return [...nodes, letters.slice(end).join("")];
}

function excerpt(part) {
  const where = [part.title, part.heading].filter((words, at, all) => words && all.indexOf(words) === at).join(" › ");
  const id = encodeURIComponent(part.article_id);
  return el("div", { class: "finding-part" },
    part.article_id && el("p", { class: "row-line small" }, el("a", { href: `/knowledge/${id}` }, where), page.may.edit && el("a", { class: "button button-small", href: `/knowledge/${id}/edit`, "aria-label": t("修改 {title}", { title: part.title }) }, t("去修改"))),
    part.text && el("p", { class: "finding-text" }, marked(part)));
}

function finding(item) {
  const [name, advice] = findingWords(item);
  const aside = el("button", { type: "button", class: "button button-quiet button-small", on: { click: async () => {
    try {
      await api.post(`/knowledge/health/${item.key}/dismissal`, {});
      state.items = state.items.filter((other) => other !== item);
      draw();
      toast(t("不再提示，内容改动后会再出现"), { undo: () => api.remove(`/knowledge/health/${item.key}/dismissal`).then(load, complain) });
    } catch (error) { complain(error); }
  } } }, t("不用改"));
  return el("article", { class: "card-box card-body-box finding" },
    el("header", { class: "row-line" }, el("h2", {}, el("span", { class: `tag ${severityTone(item.severity)}` }, name)), aside),
    el("p", { class: "muted small" }, advice),
    el("div", { class: "finding-parts" }, item.excerpts.map(excerpt)));
}

function show() {
  const { report } = state;
  const kinds = [...new Set(state.items.map((item) => item.kind))];
  if (!kinds.includes(state.kind)) state.kind = "";
  tabs(document.getElementById("tabs"), [["", t("全部"), number(state.items.length)], ...kinds.map((kind) => [kind, findingWords({ kind, detail: {} })[0], number(state.items.filter((item) => item.kind === kind).length)])], state.kind, (kind) => { state.kind = kind; draw(); });
  if (!report.made_at) return el("div", { class: "card-box" }, empty("search", t("还没有体检过"), t("点“现在体检”，几秒钟后就有结果。")));
  const when = el("p", { class: "small muted" }, t("查了 {n} 篇文章", { n: number(report.articles) }), " · ", moment(report.made_at), report.outdated && [" · ", t("之后有文章改动过")]);
  if (!state.items.length) return [when, el("div", { class: "card-box" }, empty("check", t("一切正常"), t("没有发现矛盾、重复或过时的内容。")))];
  return [when, el("div", { class: "stack" }, state.items.filter((item) => !state.kind || item.kind === state.kind).map(finding))];
}

const draw = () => fill(box, show());

const load = () => loadInto(box, () => api.get("/knowledge/health"), (report) => { state.report = report; state.items = report.items; return show(); });

const refresh = el("button", { type: "button", class: "button", on: { click: async () => {
  refresh.disabled = true;
  try {
    await api.post("/knowledge/health/refresh");
    await load();
  } catch (error) { complain(error); }
  refresh.disabled = false;
} } }, icon("refresh", "icon-s"), t("现在体检"));

fill(document.getElementById("actions"), refresh);
load();
