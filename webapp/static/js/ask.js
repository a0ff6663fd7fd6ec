// "Ask it now": which passage the bot would use for a question, and why, in plain words.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { empty, loadInto, skeleton } from "./parts.js";
import { t } from "./text.js";

const SHOWN = 5;
const percent = (value) => `${Math.round(value * 100)}%`;
const byId = (id) => document.getElementById(id);

// What the many figures of the search come to, for people who write articles.
const FAMILIES = () => [[t("意思相近"), /^(dense|late)/], [t("用词相同"), /^(lexical|cover)/]];

function strengths(why) {
  const figures = Object.entries(why || {});
  const best = FAMILIES().map(([words, names]) => [words, Math.max(...figures.filter(([name]) => names.test(name)).map(([, value]) => value))]);
  return best.filter(([, value]) => Number.isFinite(value)).map(([words, value]) => [words, Math.max(0, Math.min(1, value))]);
}

const meter = (words, value, mark = null) => el("div", { class: "meter-row" }, el("span", {}, words),
  el("meter", { min: 0, max: 1, value, "aria-label": `${words} ${percent(value)}` }), el("span", { class: "num" }, mark ? `${percent(value)} / ${mark}` : percent(value)));

/** Whether customers would be told the best passage. */
const told = (answer) => answer.answerable && answer.hits[0].score >= answer.told_from;

function hit(found, at, answer, own, ownWords) {
  const path = (found.heading_path?.length ? found.heading_path : [found.title, found.heading]).filter(Boolean).join(" › ");
  const exact = Object.entries(found.why || {}).map(([name, value]) => `${name} ${Number(value).toFixed(3)}`).join("\n");
  const said = at === 0 && told(answer);
  const unpublished = Boolean(answer.article_id) && found.article_id === own; // there may be no page of it yet
  return el("article", { class: "hit" },
    el("p", { class: "row-line" }, unpublished ? el("strong", {}, path) : el("a", { href: `/knowledge/${encodeURIComponent(found.article_id)}` }, path), found.article_id === own && el("span", { class: "tag tag-accent" }, ownWords), el("span", { class: `tag ${said ? "tag-green" : ""} num`, title: exact }, percent(found.score))),
    at === 0 && el("div", { class: "rich hit-passage", html: found.html, role: "region", tabIndex: 0, "aria-label": t("会说的内容") }),
    at === 0 && el("div", { class: "meters", title: exact }, strengths(found.why).map(([words, value]) => meter(words, value)), meter(t("总的把握"), found.score, percent(answer.told_from))));
}

/** Why the bot would say it, or keep it to itself. */
function because(answer) {
  const [best, next] = answer.hits;
  const figure = { score: percent(best.score), needed: percent(answer.told_from) };
  const close = next && best.score - next.score < 0.1 && next.article_id !== best.article_id;
  if (told(answer)) return [t("会对客户说：把握 {score}，达到了要求的 {needed}。", figure), close && t("第二段也很接近，留意两篇是不是在说同一件事。")];
  if (answer.answerable) {
    return [t("多半不会对客户说：机器人觉得这个问题和店里的事无关，这时要 {needed} 的把握才说，最好的一段只有 {score}。", figure), t("如果客户真会这么问，把这个问法加到相似问题里。")];
  }
  const figures = Object.fromEntries(strengths(best.why).map(([words, value]) => [words, value]));
  const words = figures[t("用词相同")];
  return [
    t("不会对客户说：最好的一段把握 {score}，不到要求的 {needed}，会请客户找人。", figure),
    words !== undefined && words < 0.4 ? t("客户的用词在文章里几乎没有：把这种问法加到相似问题里。") : t("如果这一段正是答案，把这个问题加到它的相似问题里；如果不是，就补一篇。"),
  ];
}

function scopeWords(scope) {
  const said = [scope.product, scope.version, scope.channel].filter(Boolean);
  return el("p", { class: "muted small" }, said.length ? t("只在适用于“{scope}”的文章里找，不适用的和过期的都不算。", { scope: said.join(" · ") }) : t("在所有没过期的文章里找，没有限定商品、版本和渠道。"));
}

/** Which words of the question were read as which terms. */
const readAs = (answer) => answer.read?.length > 0 && el("p", { class: "small read-as" }, answer.read.map(({ said, term }) => el("span", { class: "tag tag-accent" }, t("“{said}”按“{term}”去找", { said, term }))));

function verdict(answer, scope, own, ownWords) {
  if (!answer.hits.length) return [readAs(answer), empty("search", t("没有相近的内容"), t("机器人会说不知道，并问客户要不要找人。")), scopeWords(scope)];
  const [said, hint] = because(answer);
  const rank = own ? answer.hits.findIndex((found) => found.article_id === own) : 0;
  return [
    readAs(answer),
    el("div", { class: told(answer) ? "good verdict" : "problem verdict" }, el("strong", {}, said), hint && el("span", {}, hint), rank < 0 && el("span", {}, t("这一篇不在前 {n} 名里。", { n: SHOWN }))),
    el("div", { class: "hits" }, answer.hits.slice(0, SHOWN).map((found, at) => hit(found, at, answer, own, ownWords))),
    scopeWords(scope),
  ];
}

/**
 * Wire the box on this page. `own(answer)` is the article that stands beside it, called `ownWords()`;
 * `search(question, scope)` asks something else than what customers are answered from. The function
 * that is returned asks again what was asked last.
 */
export function askBox({ own = null, ownWords = () => t("这一篇"), search = null } = {}) {
  const form = byId("ask");
  const answer = byId("answer");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = byId("question").value.trim();
    if (!question) { byId("question").focus(); return; }
    const scope = Object.fromEntries(["product", "version", "channel"].map((name) => [name, byId(`ask-${name}`).value.trim()]));
    fill(answer, skeleton(3));
    const ask = search || ((text, within) => api.get("/articles/search", { q: text, limit: SHOWN, ...within }));
    loadInto(answer, () => ask(question, scope), (found) => verdict(found, scope, own?.(found) ?? null, ownWords()));
  });
  return () => { if (answer.childElementCount) form.requestSubmit(); };
}
