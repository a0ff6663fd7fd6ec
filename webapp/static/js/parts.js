// The parts that every staff page is made of: icons, toasts, dialogs, states of a list.

import { el, fill } from "./dom.js";
import { page } from "./pagedata.js";
import { explain } from "./problems.js";
import { exact, said, t } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${page.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** A moment as people say it, exact on hover. */
export function moment(value) {
  return el("time", { dateTime: value, title: exact(value) }, said(value));
}

/** A short message at the bottom; `undo` adds a button that takes it back. */
export function toast(words, { bad = false, undo = null, seconds = 5 } = {}) {
  const box = el("div", { class: `toast-box${bad ? " bad" : ""}` }, el("span", {}, words));
  const gone = new Promise((resolve) => {
    const timer = setTimeout(() => { box.remove(); resolve(false); }, seconds * 1000);
    if (undo) box.append(el("button", { type: "button", on: { click: () => { clearTimeout(timer); box.remove(); undo(); resolve(true); } } }, t("撤销")));
  });
  document.getElementById("toasts").append(box);
  return gone;
}

/** Tell what went wrong. */
export function complain(error) {
  toast(explain(error), { bad: true, seconds: 7 });
}

/** A modal dialog. `body(close)` makes its content, `onSubmit` may throw to keep it open. */
export function sheet({ title, body, submit = null, onSubmit = null, danger = false, wide = false }) {
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const button = submit && el("button", { type: "submit", class: `button ${danger ? "button-danger" : "button-main"}` }, submit);
  const close = () => dialog.close();
  const form = el("form", { noValidate: false, on: { submit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await onSubmit(form);
      close();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = explain(error);
      button.disabled = false;
    }
  } } },
    el("header", { class: "sheet-head" }, el("h2", {}, title), el("button", { type: "button", class: "button button-quiet button-icon", "aria-label": t("关闭"), on: { click: close } }, icon("close"))),
    el("div", { class: "sheet-body" }, problem, body(close)),
    submit && el("footer", { class: "sheet-foot" }, el("button", { type: "button", class: "button", on: { click: close } }, t("取消")), button));
  const dialog = el("dialog", { class: `sheet${wide ? " sheet-wide" : ""}`, "aria-label": title, on: { close: () => dialog.remove() } }, form);
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".sheet-body :is(input, select, textarea):not([readonly])")?.focus();
  return dialog;
}

let fields = 0;

/** A labelled input, select or text area with an optional hint, and what stands `beside` it. */
export function field(label, control, hint = null, beside = []) {
  fields += 1;
  control.id ||= `field-${fields}`;
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return el("div", { class: "field" }, el("label", { for: control.id }, label), beside.length ? el("div", { class: "joined" }, control, beside) : control, hint && el("span", { class: "hint", id: `${control.id}-hint` }, hint));
}

/** A select; `options` are [value, words] pairs. */
export function select(name, options, chosen) {
  return el("select", { class: "select", name }, options.map(([value, words]) => el("option", { value, selected: value === chosen }, words)));
}

/** What a list shows before it is there. */
export function skeleton(lines = 6) {
  return el("div", { class: "skeleton", "aria-busy": "true", "aria-label": t("正在载入") }, Array.from({ length: lines }, () => el("span")));
}

/** What a list shows when there is nothing: what it is for, and the first action. */
export function empty(symbol, title, words, action = null) {
  return el("div", { class: "empty" }, icon(symbol), el("h2", {}, title), el("p", {}, words), action);
}

/** Fill `parent` from `load()`: skeleton, then `show(data)`, or the error with a second try. */
export async function loadInto(parent, load, show) {
  fill(parent, skeleton());
  try {
    const data = await load();
    fill(parent, show(data));
    return data;
  } catch (error) {
    const missing = error.status === 404;
    const again = missing ? null : el("button", { type: "button", class: "button", on: { click: () => loadInto(parent, load, show) } }, t("再试一次"));
    fill(parent, empty(missing ? "search" : "alert", missing ? t("没有找到") : t("没有载入成功"), explain(error), again));
    return null;
  }
}

/** `fill` for a row of buttons that is drawn often: the focus stays on the button in the same place. */
export function refill(parent, ...children) {
  const buttons = () => [...parent.querySelectorAll("a, button")];
  const at = buttons().indexOf(document.activeElement);
  fill(parent, ...children);
  if (at >= 0) buttons()[at]?.focus();
}

/** Buttons of which one is pressed; `choose(value)` is told. `items` are [value, words, count]. */
export function tabs(parent, items, chosen, choose) {
  refill(parent, items.map(([value, words, count]) =>
    el("button", { type: "button", class: "tab", "aria-pressed": String(value === chosen), data: { value }, on: { click: () => choose(value) } },
      words, count !== undefined && count !== null && el("span", { class: "n" }, String(count)))));
}

/** Call `act` when nothing was typed for a moment. */
export function settled(act, ms = 200) {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => act(...args), ms); };
}
