// What customers asked in vain, by meaning: what costs most comes first.

import { api } from "./api.js";
import { spark } from "./charts.js";
import { el, fill } from "./dom.js";
import { gapReason, gapStates } from "./learningwords.js";
import { complain, empty, icon, loadInto, moment, tabs, toast } from "./parts.js";
import { page } from "./pagedata.js";
import { number, t } from "./text.js";

const box = document.getElementById("list");
const state = { shown: "open" };

function row(gap) {
  const reasons = Object.entries(gap.reasons).slice(0, 2).map(([reason, count]) => `${gapReason(reason)} ${number(count)}`).join(" · ");
  const near = gap.nearest?.score >= 0.05 && el("p", { class: "small muted" }, t("最接近："), el("a", { href: `/knowledge/${encodeURIComponent(gap.nearest.article_id)}` }, [gap.nearest.title, gap.nearest.heading].filter((part, at, all) => all.indexOf(part) === at).join(" › ")), ` ${Math.round(gap.nearest.score * 100)}%`);
  const trend = t("近 12 周每周 {counts} 次", { counts: gap.weeks.join("、") });
  return el("tr", {},
    el("td", {}, el("a", { class: "title", href: `/knowledge/gaps/${gap.id}` }, gap.name), el("p", { class: "small muted" }, reasons), near),
    el("td", { class: "num" }, number(gap.size)),
    el("td", { class: "num" }, gap.handed_over ? el("strong", {}, number(gap.handed_over)) : "0"),
    el("td", { class: "hide-phone" }, spark(gap.weeks, trend)),
    el("td", { class: "muted hide-phone" }, gap.last_at ? moment(gap.last_at) : ""));
}

/** What came in since the groups were formed, and when it will be among them. */
const fresh = (waiting) => waiting > 0 && el("p", { class: "caution" }, icon("clock", "icon-s"), t("有 {n} 个新问题还没有归组，几分钟内会自动归好；也可以点“现在更新”。", { n: number(waiting) }));

function show({ items, waiting }) {
  if (!items.length) {
    const first = state.shown === "open";
    return [fresh(waiting), el("div", { class: "card-box" }, empty(first ? "check" : "search", first ? t("没有待学习的问题") : t("这里没有"), first ? t("客户问了没有答好的问题，会自动出现在这里。") : t("处理过的问题会留在这里，可以再打开。")))];
  }
  const head = el("thead", {}, el("tr", {}, [[t("客户在问"), ""], [t("次数"), "num"], [t("转人工"), "num"], [t("趋势"), "hide-phone"], [t("最近"), "hide-phone"]].map(([words, kind]) => el("th", { class: kind, scope: "col" }, words))));
  return [fresh(waiting), el("div", { class: "card-box" }, el("table", { class: "list-table" }, head, el("tbody", {}, items.map(row))))];
}

function load() {
  tabs(document.getElementById("tabs"), gapStates(), state.shown, (chosen) => { state.shown = chosen; load(); });
  return loadInto(box, () => api.get("/knowledge/gaps", { state: state.shown }), show);
}

const refresh = el("button", { type: "button", class: "button", on: { click: async () => {
  refresh.disabled = true;
  try {
    const { questions } = await api.post("/knowledge/gaps/refresh");
    toast(questions ? t("新收进 {n} 个问题", { n: questions }) : t("没有新的问题"));
    await load();
  } catch (error) { complain(error); }
  refresh.disabled = false;
} } }, icon("refresh", "icon-s"), t("现在更新"));

function proposal(item) {
  const decide = (how, body) => api.post(`/knowledge/proposals/${item.id}/${how}`, body);
  const accept = el("button", { type: "button", class: "button button-main", on: { click: () => decide("accept", {}).then(({ article_id }) => location.assign(`/knowledge/${encodeURIComponent(article_id)}/edit`), complain) } }, t("写成草稿"));
  const reason = el("input", { class: "input", maxLength: 500, required: true, placeholder: t("不采用的原因"), "aria-label": t("不采用的原因") });
  const refuse = el("form", { class: "row-line", on: { submit: (event) => { event.preventDefault(); decide("refuse", { reason: reason.value.trim() }).then(() => { card.remove(); toast(t("已退回")); }, complain); } } }, reason, el("button", { type: "submit", class: "button" }, t("退回")));
  const card = el("article", { class: "card-box card-body-box stack" },
    el("h3", {}, item.question), el("p", { class: "pre-line" }, item.answer),
    el("p", { class: "small muted" }, t("{name} 提议", { name: item.proposed_by }), " · ", moment(item.proposed_at)),
    page.may.edit && el("div", { class: "row-line" }, accept), refuse);
  return card;
}

async function proposals() {
  const { items } = await api.get("/knowledge/proposals");
  if (items.length) box.after(el("section", { class: "stack learning-more" }, el("h2", {}, t("客服的提议")), items.map(proposal)));
}

function judged(item) {
  const sources = item.sources.map(({ article_id, heading }) => el("a", { href: `/knowledge/${encodeURIComponent(article_id)}` }, heading || article_id));
  return el("li", {}, el("span", {}, item.question || "…"), el("span", { class: "judged-answer muted small" }, item.answer), el("span", { class: "route-to muted" }, sources.flatMap((link, at) => (at ? ["、", link] : [link])), " · ", moment(item.at)));
}

async function disliked() {
  const { items } = await api.get("/knowledge/feedback", { helpful: false, limit: 20 });
  if (items.length) box.after(el("details", { class: "card-box card-body-box learning-more" }, el("summary", {}, t("客户说没帮助的回答（最近 {n} 条）", { n: items.length })), el("ul", { class: "plain-list routes" }, items.map(judged))));
}

fill(document.getElementById("actions"), refresh);
load();
disliked().then(proposals).catch(complain);
