// One ticket: what it is about, where it stands, the conversation it came from.

import { api } from "./api.js";
import { el } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, icon, loadInto, moment, select, toast } from "./parts.js";
import { t } from "./text.js";
import { kindWords, knownSlots, slotWords, statusTone, statusWords, valueWords } from "./words.js";

const box = document.getElementById("ticket");
const NEXT = { NEW: ["PROCESSING", "RESOLVED"], PROCESSING: ["RESOLVED", "NEW"], RESOLVED: ["PROCESSING"] };

const pair = (name, value) => value && [el("dt", {}, name), el("dd", {}, value)];

function step(ticket, status) {
  const words = { PROCESSING: ticket.status === "RESOLVED" ? t("重新打开") : t("开始处理"), RESOLVED: t("完成"), NEW: t("退回待处理") }[status];
  const main = status === NEXT[ticket.status][0] && status !== "NEW" && ticket.status !== "RESOLVED";
  return el("button", { type: "button", class: `button${main ? " button-main" : ""}`, on: { click: () => move(ticket, { status }) } }, words);
}

async function move(ticket, change) {
  const before = ticket.status;
  try {
    await api.put(`/tickets/${ticket.id}`, change);
    if (change.status) toast(t("工单已改为{status}", { status: statusWords(change.status) }), { undo: () => move({ ...ticket, status: change.status }, { status: before }) });
    load();
  } catch (error) { complain(error); }
}

function people(ticket, staff) {
  const options = [["", t("未分派")], ...staff.map((person) => [String(person.id), person.name])];
  const choice = select("assignee", options, String(ticket.assignee?.id || ""));
  choice.setAttribute("aria-label", t("处理人"));
  choice.addEventListener("change", () => choice.value && move(ticket, { assignee_id: Number(choice.value) }));
  return choice;
}

function show([ticket, staff]) {
  document.title = `#${ticket.id} ${ticket.title} · ${t("接待")}`;
  const maker = { bot: t("机器人") }[ticket.created_by] || ticket.created_by;
  return [
    el("header", { class: "page-head" },
      el("h1", {}, el("span", { class: "muted num" }, `#${ticket.id} `), ticket.title), el("span", { class: `tag ${statusTone(ticket.status)}` }, statusWords(ticket.status)),
      NEXT[ticket.status].map((status) => step(ticket, status))),
    el("div", { class: "columns" },
      el("section", { class: "card-box card-body-box stack" }, el("h2", {}, t("说明")),
        ticket.body ? el("p", { class: "said-plain pre-line" }, ticket.body) : el("p", { class: "muted" }, t("没有说明")),
        ticket.conversation_id && el("p", {}, el("a", { class: "button", href: `/desk#${ticket.conversation_id}` }, icon("chat", "icon-s"), t("看原来的对话")))),
      el("aside", { class: "card-box" },
        el("div", { class: "detail-list card-body-box" }, el("dl", {}, [
          pair(t("类型"), kindWords(ticket.kind)), pair(t("处理人"), people(ticket, staff)), pair(t("订单号"), ticket.order_id && el("span", { class: "num" }, ticket.order_id)),
          knownSlots(ticket.fields).filter(([name]) => name !== "order_id").map(([name, value]) => pair(slotWords(name), valueWords(name, value))),
          pair(t("建立"), el("span", {}, moment(ticket.created_at), ` · ${maker}`)), pair(t("更新"), ticket.updated_at && moment(ticket.updated_at)), pair(t("完成"), ticket.resolved_at && moment(ticket.resolved_at)),
        ].filter(Boolean))))),
  ];
}

const load = () => loadInto(box, async () => {
  const [ticket, staff] = await Promise.all([api.get(`/tickets/${page.ticket}`), api.get("/staff")]);
  return [ticket, staff.items];
}, show);

load();
