// "Ask it now": which passage the bot would use for a question, and why.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { empty, loadInto, skeleton } from "./parts.js";
import { t } from "./text.js";

const SHOWN = 5;

// What the many figures of the search come to, for people who write articles.
const FAMILIES = () => [[t("意思相近"), /^(dense|late)/], [t("用词相近"), /^(lexical|cover)/]];

function reasons(why) {
  const figures = Object.entries(why || {});
  const best = FAMILIES().map(([words, names]) => [words, Math.max(...figures.filter(([name]) => names.test(name)).map(([, value]) => value))]);
  return best.filter(([, value]) => Number.isFinite(value)).map(([words, value]) => `${words} ${value.toFixed(2)}`).join(" · ");
}

function hit(found, first, answerable) {
  const path = (found.heading_path?.length ? found.heading_path : [found.title, found.heading]).filter(Boolean).join(" › ");
  const exact = Object.entries(found.why || {}).map(([name, value]) => `${name} ${Number(value).toFixed(3)}`).join("\n");
  return el("article", { class: "hit" },
    el("p", { class: "row-line" }, el("a", { href: `/knowledge/${encodeURIComponent(found.article_id)}` }, path), el("span", { class: `tag ${first && answerable ? "tag-green" : ""} num`, title: exact }, `${Math.round(found.score * 100)}%`)),
    first && el("div", { class: "rich hit-passage", html: found.html }),
    el("p", { class: "muted small", title: exact }, reasons(found.why)));
}

function verdict({ answerable, hits }) {
  if (!hits.length) return empty("search", t("没有相近的内容"), t("机器人会说不知道，并问客户要不要找人。"));
  return [
    el("p", { class: answerable ? "good" : "problem" }, answerable ? t("会用第一段回答") : t("把握不够，不会回答，会请客户找人")),
    el("div", { class: "hits" }, hits.slice(0, SHOWN).map((found, at) => hit(found, at === 0, answerable))),
  ];
}

/** Wire the box on this page. */
export function askBox() {
  const form = document.getElementById("ask");
  const answer = document.getElementById("answer");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = document.getElementById("question").value.trim();
    if (!question) return;
    fill(answer, skeleton(3));
    loadInto(answer, () => api.get("/articles/search", { q: question, limit: SHOWN }), verdict);
  });
}
