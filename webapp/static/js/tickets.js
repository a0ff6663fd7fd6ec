// The list of tickets: by status, searched, a page at a time.

import { api } from "./api.js";
import { el } from "./dom.js";
import { complain, empty, loadInto, moment, settled, tabs } from "./parts.js";
import { t } from "./text.js";
import { kindWords, statusTone, statusWords } from "./words.js";

const box = document.getElementById("list");
const find = document.getElementById("find");
const STATUSES = ["", "NEW", "PROCESSING", "RESOLVED"];

const state = { status: new URLSearchParams(location.search).get("status") || "", items: [], cursor: null };

function row(ticket) {
  return el("tr", {},
    el("td", { class: "num muted" }, `#${ticket.id}`),
    el("td", { class: "cut" }, el("a", { class: "title", href: `/tickets/${ticket.id}` }, ticket.title)),
    el("td", { class: "hide-phone" }, kindWords(ticket.kind)),
    el("td", {}, el("span", { class: `tag ${statusTone(ticket.status)}` }, statusWords(ticket.status))),
    el("td", { class: "hide-phone" }, ticket.assignee?.name || el("span", { class: "muted" }, t("未分派"))),
    el("td", { class: "muted hide-phone" }, moment(ticket.updated_at || ticket.created_at)));
}

function shown() {
  const wanted = find.value.trim().toLowerCase();
  const text = (ticket) => [`#${ticket.id}`, ticket.title, ticket.order_id, ticket.kind, kindWords(ticket.kind), ticket.assignee?.name].join(" ").toLowerCase();
  return state.items.filter((ticket) => text(ticket).includes(wanted));
}

function show() {
  const rows = shown();
  if (!state.items.length) {
    return state.status
      ? empty("ticket", t("没有这个状态的工单"), t("换一个状态看看。"))
      : empty("ticket", t("还没有工单"), t("工单记下聊天里办不完的事。在对话里按 t，内容会自动填好。"), el("a", { class: "button", href: "/desk" }, t("去对话")));
  }
  if (!rows.length) return empty("search", t("没有找到"), t("换个词试试。"));
  const head = el("thead", {}, el("tr", {}, el("th", {}, t("单号")), el("th", {}, t("标题")), el("th", { class: "hide-phone" }, t("类型")), el("th", {}, t("状态")), el("th", { class: "hide-phone" }, t("处理人")), el("th", { class: "hide-phone" }, t("更新"))));
  const more = state.cursor && el("p", { class: "card-body-box" }, el("button", { type: "button", class: "button", on: { click: loadMore } }, t("更早的工单")));
  return [el("table", { class: "list-table" }, head, el("tbody", {}, rows.map(row))), more];
}

const ask = (cursor) => api.get("/tickets", { status: state.status, cursor });

function load() {
  tabs(document.getElementById("tabs"), STATUSES.map((status) => [status, status ? statusWords(status) : t("全部"), null]), state.status, (status) => {
    state.status = status;
    history.replaceState(null, "", status ? `?status=${status}` : location.pathname);
    load();
  });
  return loadInto(box, () => ask(null), (list) => {
    Object.assign(state, { items: list.items, cursor: list.next_cursor });
    return show();
  });
}

async function loadMore() {
  try {
    const list = await ask(state.cursor);
    Object.assign(state, { items: [...state.items, ...list.items], cursor: list.next_cursor });
    box.replaceChildren(...show().filter(Boolean));
  } catch (error) { complain(error); }
}

find.addEventListener("input", settled(() => box.replaceChildren(...[show()].flat().filter(Boolean))));
load();
