// The rows of the chat's log: what was said, when, and what is going on.

import { el, fill, linked } from "../dom.js";
import { clock, day, exact, initial, t } from "../text.js";
import { icon } from "./icons.js";

/** The moment above what was said after a pause. */
export function timeRow(at) {
  const when = [day(at), clock(at)].filter((part) => part !== t("今天")).join(" ");
  return el("p", { class: "jd-time", title: exact(at) }, when);
}

/** Before the conversation is there. */
export function loadingBox() {
  return el("div", { class: "jd-skeleton", role: "img", "aria-label": t("正在打开对话") }, el("span"), el("span"), el("span"));
}

/** The conversation could not be had; `again` tries once more. */
export function failureBox(again) {
  return el("div", { class: "jd-failure" },
    el("p", {}, t("暂时连不上客服。请检查网络后再试。")),
    el("button", { type: "button", class: "jd-choice", on: { click: again } }, t("再试一次")));
}

/** The bot is about to answer. */
export function typingRow() {
  return el("div", { class: "jd-row jd-bot jd-typing", role: "img", "aria-label": t("正在输入") },
    el("span", { class: "jd-avatar" }, icon("bot")), el("div", { class: "jd-bubble" }, el("i"), el("i"), el("i")));
}

/**
 * What somebody said. `first` of several in a row shows who; `live` ones may be answered by their
 * buttons, `reply` is what the customer said next, which may be one of them. `say(words)` says something for the customer, `retry(client_msg_id)` sends once more,
 * `judge(message, helpful)` tells whether an answer helped, and is done when that is stored or not.
 * `fold(node, change)` changes a node's height without moving what is being read.
 */
export function messageRow({ message, first, live, reply }, { botName, say, retry, judge, fold }) {
  if (message.sender === "system") return el("p", { class: "jd-system" }, message.content);
  const mine = message.sender === "customer";
  const bubble = message.html && !mine ? answer(message, fold) : el("div", { class: "jd-bubble" }, linked(message.content));
  bubble.title = exact(message.created_at);
  return el("div", { class: `jd-row jd-${message.sender}${first ? " jd-first" : ""}` },
    !mine && face(message, first),
    el("div", { class: "jd-stack" },
      !mine && first && byline(message, botName),
      mine && el("span", { class: "jd-unseen" }, t("我：")),
      bubble,
      sources(message, judge),
      choices(message, live, reply, say),
      mine && delivery(message, retry)));
}

/** What the server has rendered: all of it, or at first what is enough, with a button for the rest. */
function answer(message, fold) {
  if (!message.short_html) return el("div", { class: "jd-bubble jd-rich" }, rich(message.html));
  const text = el("div", { class: "jd-rich", id: `jd-text-${message.seq}` });
  const more = el("button", { type: "button", class: "jd-more", "aria-controls": text.id, on: { click: () => { message.open = !message.open; fold(bubble, show); } } }, el("span"), icon("down"));
  const bubble = el("div", { class: "jd-bubble jd-folded" }, text, more);
  const show = () => {
    fill(text, rich(message.open ? message.html : message.short_html));
    more.setAttribute("aria-expanded", String(Boolean(message.open)));
    more.firstChild.textContent = message.open ? t("收起") : t("展开全部");
  };
  show();
  return bubble;
}

/** Sanitised HTML as nodes; a table too wide scrolls by itself, also by keyboard. */
function rich(html) {
  const made = el("div", { html });
  for (const table of made.querySelectorAll("table")) {
    const frame = el("div", { class: "jd-wide", role: "region", "aria-label": t("表格") });
    table.replaceWith(frame);
    frame.append(table);
    new ResizeObserver(() => { if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0; else frame.removeAttribute("tabindex"); }).observe(frame);
  }
  return [...made.childNodes];
}

function face(message, first) {
  if (!first) return el("span", { class: "jd-avatar jd-avatar-none" });
  return el("span", { class: `jd-avatar jd-avatar-${message.sender}`, "aria-hidden": "true" },
    message.sender === "bot" ? icon("bot") : initial(message.author_name || t("客服")));
}

function byline(message, botName) {
  if (message.sender === "agent") return el("span", { class: "jd-by" }, t("客服 {name}", { name: message.author_name || "" }));
  return el("span", { class: "jd-by" }, botName, el("span", { class: "jd-ai" }, t("AI 生成")));
}

function sources(message, judge) {
  if (!message.sources?.length) return null;
  const path = (source) => [source.title, source.heading].filter((part, at, all) => part && all.indexOf(part) === at).join(" › ");
  const list = el("details", { class: "jd-sources" },
    el("summary", {}, icon("book"), t("答案来源")),
    el("ul", {}, message.sources.map((source) => el("li", {}, path(source)))));
  return el("div", { class: "jd-under" }, list, message.sender === "bot" && thumbs(message, judge));
}

/** Did this answer help? Pressing the other one changes the word. */
function thumbs(message, judge) {
  const press = () => both.forEach(([helpful, button]) => button.setAttribute("aria-pressed", String(message.helpful === helpful)));
  const both = [[true, "up", t("有帮助")], [false, "notUp", t("没帮助")]].map(([helpful, symbol, words]) =>
    [helpful, el("button", { type: "button", class: "jd-thumb", "aria-label": words, title: words, on: { click: () => judge(message, helpful).then(press) } }, icon(symbol))]);
  press();
  return el("span", { class: "jd-thumbs", role: "group", "aria-label": t("这个回答有帮助吗？") }, both.map(([, button]) => button));
}

/** What the bot offered: to be pressed while it is to be answered, and then with what was chosen marked. */
function choices(message, live, reply, say) {
  if (!message.buttons?.length) return null;
  return el("div", { class: "jd-choices" }, message.buttons.map(({ label, text }) => {
    const chosen = !live && reply === text;
    return el("button", { type: "button", class: `jd-choice${chosen ? " jd-chosen" : ""}`, disabled: !live, on: { click: () => say(text) } },
      chosen && icon("check"), label, chosen && el("span", { class: "jd-unseen" }, t("（已选）")));
  }));
}

function delivery(message, retry) {
  if (message.state === "sending") return el("span", { class: "jd-delivery" }, t("发送中…"));
  if (message.state !== "failed") return null;
  return el("span", { class: "jd-delivery jd-failed", role: "alert" }, message.error || t("没有发出去"),
    el("button", { type: "button", class: "jd-link", on: { click: () => retry(message.client_msg_id) } }, icon("retry"), t("重发")));
}
