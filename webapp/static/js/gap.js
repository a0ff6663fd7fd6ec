// One group of questions: what was asked, what agents said, and one click to a draft.

import { api } from "./api.js";
import { spark } from "./charts.js";
import { el } from "./dom.js";
import { gapReason, gapStates } from "./learningwords.js";
import { complain, field, icon, loadInto, moment, sheet, toast } from "./parts.js";
import { page } from "./pagedata.js";
import { number, t } from "./text.js";

const box = document.getElementById("gap");
const path = `/knowledge/gaps/${page.gap}`;
const edit = (id) => `/knowledge/${encodeURIComponent(id)}/edit`;

function draft(gap) {
  const title = el("input", { class: "input", value: gap.name, maxLength: 200, required: true });
  const boxes = gap.replies.map((reply) => [reply, el("input", { type: "checkbox", checked: reply.text.length >= 8 })]);
  sheet({
    title: t("写成一篇新文章"),
    submit: t("写成草稿"),
    body: () => [
      field(t("标题"), title),
      boxes.length ? el("fieldset", { class: "checks" }, el("legend", {}, t("用客服说过的话（已去掉个人信息，发布前请再读一遍）")), boxes.map(([reply, check]) => el("label", { class: "check" }, check, el("span", { class: "pre-line" }, reply.text)))) : el("p", { class: "muted" }, t("这些会话里客服还没有回答过，草稿里会留出空位。")),
    ],
    onSubmit: async () => {
      const made = await api.post(`${path}/draft`, { title: title.value.trim(), message_ids: boxes.filter(([, check]) => check.checked).map(([reply]) => reply.message_id) });
      location.assign(edit(made.article_id));
    },
  });
}

function similar(gap) {
  const chosen = el("select", { class: "select" }, gap.near.map((near, at) => el("option", { value: String(at) }, `${near.title} › ${near.heading}（${Math.round(near.score * 100)}%）`)));
  const boxes = gap.questions.map((question, at) => [question, el("input", { type: "checkbox", checked: at < 8 })]);
  sheet({
    title: t("加为相似问题"),
    submit: t("加到草稿"),
    body: () => [
      field(t("由哪一段回答"), chosen, t("列出的是最接近的几段")),
      el("fieldset", { class: "checks" }, el("legend", {}, t("加哪些问法")), boxes.map(([question, check]) => el("label", { class: "check" }, check, el("span", {}, question.text)))),
    ],
    onSubmit: async () => {
      const near = gap.near[Number(chosen.value)];
      const made = await api.post(`${path}/similar`, { article_id: near.article_id, heading: near.heading, message_ids: boxes.filter(([, check]) => check.checked).map(([question]) => question.message_id) });
      location.assign(edit(made.article_id));
    },
  });
}

async function decide(state, days = null) {
  try {
    const until = days ? new Date(Date.now() + days * 86400000).toISOString() : null;
    await api.post(`${path}/state`, until ? { state, until } : { state });
    toast(t("已保存"));
    load();
  } catch (error) { complain(error); }
}

function buttons(gap) {
  const button = (words, act, kind = "") => el("button", { type: "button", class: `button ${kind}`, on: { click: act } }, words);
  if (gap.state !== "open") return button(t("重新打开"), () => decide("open"));
  return [
    page.may.edit && button(t("写成新文章"), () => draft(gap), "button-main"),
    page.may.edit && gap.near.length > 0 && button(t("加为相似问题"), () => similar(gap)),
    button(t("一周后再看"), () => decide("snoozed", 7)),
    button(t("忽略"), () => decide("dismissed")),
  ];
}

function show(gap) {
  document.title = `${gap.name} · ${t("接待")}`;
  const state = gapStates().find(([name]) => name === gap.state)?.[1];
  const fact = (words, value) => el("div", {}, el("span", { class: "muted small" }, words), el("strong", {}, value));
  return [
    el("header", { class: "page-head" }, el("h1", {}, gap.name), gap.state !== "open" && el("span", { class: "tag" }, state), buttons(gap)),
    el("div", { class: "figures card-box card-body-box" },
      fact(t("次数"), number(gap.size)), fact(t("转人工"), number(gap.handed_over)),
      el("div", {}, el("span", { class: "muted small" }, t("近 12 周")), spark(gap.weeks, t("近 12 周每周 {counts} 次", { counts: gap.weeks.join("、") }), { width: 180, height: 32 })),
      gap.article_id && fact(t("由这篇解决"), el("a", { href: `/knowledge/${encodeURIComponent(gap.article_id)}` }, gap.article_id))),
    el("div", { class: "columns" },
      el("section", { class: "card-box card-body-box" }, el("h2", {}, t("客户的原话")),
        el("ul", { class: "plain-list routes" }, gap.questions.map((question) => el("li", {}, el("span", {}, question.text), el("span", { class: "route-to muted" }, gapReason(question.reason), " · ", moment(question.asked_at)))))),
      el("aside", { class: "stack" },
        el("section", { class: "card-box card-body-box" }, el("h2", {}, t("最接近的内容")),
          gap.near.length ? el("ul", { class: "plain-list routes" }, gap.near.map((near) => el("li", {}, el("a", { href: `/knowledge/${encodeURIComponent(near.article_id)}` }, `${near.title} › ${near.heading}`), el("span", { class: "route-to muted num" }, `${Math.round(near.score * 100)}%`)))) : el("p", { class: "muted" }, t("没有相近的内容"))),
        el("section", { class: "card-box card-body-box" }, el("h2", {}, t("客服当时的回答")),
          gap.replies.length ? el("ul", { class: "plain-list routes" }, gap.replies.map((reply) => el("li", { class: "pre-line" }, reply.text))) : el("p", { class: "muted" }, t("这些会话里还没有客服回答过。"))))),
  ];
}

const load = () => loadInto(box, () => api.get(path), show);

load();
