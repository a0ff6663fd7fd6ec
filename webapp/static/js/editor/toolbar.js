// The toolbar of the source: marks around the selection, marks before lines, whole pieces.

import { el } from "../dom.js";
import { icon } from "../parts.js";
import { t } from "../text.js";

/** Replace a range so that the browser's own undo takes it back. */
export function replace(source, start, end, text) {
  source.focus();
  source.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    source.setRangeText(text, start, end, "end");
    source.dispatchEvent(new Event("input"));
  }
}

function wrap(source, before, after, otherwise) {
  const { selectionStart: start, selectionEnd: end, value } = source;
  const words = value.slice(start, end);
  const around = value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after;
  if (around) { // pressed again: taken away
    replace(source, start - before.length, end + after.length, words);
    source.setSelectionRange(start - before.length, end - before.length);
    return;
  }
  replace(source, start, end, before + (words || otherwise) + after);
  source.setSelectionRange(start + before.length, start + before.length + (words || otherwise).length);
}

function before(source, prefix) {
  const { value } = source;
  const start = value.lastIndexOf("\n", source.selectionStart - 1) + 1;
  const stop = value.indexOf("\n", source.selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const lines = value.slice(start, end).split("\n");
  const there = lines.every((line) => line.startsWith(prefix));
  const changed = lines.map((line) => (there ? line.slice(prefix.length) : prefix + line.replace(/^(#{1,6} |- |> )/, ""))).join("\n");
  replace(source, start, end, changed);
  source.setSelectionRange(start, start + changed.length);
}

function block(source, text) {
  const { selectionEnd: end, value } = source;
  const lead = !end || value.slice(0, end).endsWith("\n\n") ? "" : value[end - 1] === "\n" ? "\n" : "\n\n";
  replace(source, end, end, `${lead}${text}\n`);
}

function link(source) {
  const { selectionStart: start, selectionEnd: end, value } = source;
  const words = value.slice(start, end) || t("链接文字");
  replace(source, start, end, `[${words}](https://)`);
  source.setSelectionRange(start + words.length + 3, start + words.length + 11);
}

const table = () => `| ${t("项目")} | ${t("说明")} |\n| --- | --- |\n|  |  |\n|  |  |`;

const TOOLS = () => [
  ["heading", t("小标题"), "Ctrl+Alt+H", (s) => before(s, "## ")],
  ["bold", t("加粗"), "Ctrl+B", (s) => wrap(s, "**", "**", t("重点"))],
  ["list", t("列表"), "Ctrl+Alt+L", (s) => before(s, "- ")],
  ["link", t("链接"), "Ctrl+K", link],
  ["table", t("表格"), "Ctrl+Alt+T", (s) => block(s, table())],
  ["picture", t("图片"), "Ctrl+Alt+P", null],
  ["quote", t("引用"), "Ctrl+Alt+Q", (s) => before(s, "> ")],
  ["code", t("代码"), "Ctrl+E", (s) => wrap(s, "`", "`", t("代码"))],
];

function pressed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph")) return "";
  return `Ctrl+${event.altKey ? "Alt+" : ""}${event.code.replace("Key", "")}`;
}

/** Fill the toolbar; `addPicture()` asks for a file. One stop for Tab, arrows within. */
export function toolbar(bar, source, addPicture) {
  const tools = TOOLS().map(([name, words, keys, act]) => [name, words, keys, act ? () => act(source) : addPicture]);
  bar.append(...tools.map(([name, words, keys, act], at) =>
    el("button", { type: "button", class: "button button-quiet button-icon", tabIndex: at ? -1 : 0, title: `${words} (${keys})`, "aria-label": words, "aria-keyshortcuts": keys.replace("Ctrl", "Control"), data: { tool: name }, on: { click: act } }, icon(name, "icon-s"))));
  bar.addEventListener("keydown", (event) => {
    const buttons = [...bar.children];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = -1;
    const next = buttons[(to + buttons.length) % buttons.length];
    next.tabIndex = 0;
    next.focus();
  });
  source.addEventListener("keydown", (event) => {
    const tool = !source.readOnly && tools.find(([, , keys]) => keys === pressed(event));
    if (!tool) return;
    event.preventDefault();
    tool[3]();
  });
  return { enable: (on) => { for (const button of bar.children) button.disabled = !on; } };
}
