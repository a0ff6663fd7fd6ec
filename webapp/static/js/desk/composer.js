// Writing: reply or note, Ctrl-Enter sends, what is typed is kept until it is sent.

import { el, fill } from "../dom.js";
import { icon } from "../parts.js";
import { t } from "../text.js";

const MODES = ["reply", "note"];
const TALLEST = 220;

const kept = (id, mode) => `jiedai:draft:${id}:${mode}`;

export class Composer {
  constructor(store) {
    this.store = store;
    this.mode = "reply";
    this.mayReply = false;
    this.wantsNote = false;
    this.tabs = Object.fromEntries(MODES.map((mode) => [mode, el("button", { type: "button", class: "composer-tab", on: { click: () => this.start(mode) } })]));
    this.input = el("textarea", { rows: 2, maxLength: 4000, on: { input: () => this.typed(), keydown: (event) => this.key(event) } });
    this.words = el("span", { class: "hide-phone" });
    this.button = el("button", { type: "submit", class: "button button-main button-s" });
    this.box = el("form", { class: "composer", hidden: true, on: { submit: (event) => { event.preventDefault(); this.send(); } } },
      el("div", { class: "composer-tabs", role: "group", "aria-label": t("回复或备注") }, MODES.map((mode) => this.tabs[mode])),
      this.input,
      el("div", { class: "composer-foot" }, this.words, this.button));
  }

  /** Show the draft of another conversation. */
  show(id) {
    this.id = id;
    this.wantsNote = false;
    this.mode = "reply";
    this.draw();
  }

  /** Whether one may reply here; notes are always possible. */
  allow({ reply }) {
    if (this.mayReply === reply && this.drawnFor === this.id) return;
    this.mayReply = reply;
    if (!reply) this.mode = "note";
    else if (!this.wantsNote) this.mode = "reply";
    this.draw();
  }

  /** Begin to write. */
  start(mode) {
    if (mode === "reply" && !this.mayReply) return;
    this.wantsNote = mode === "note";
    this.mode = mode;
    this.draw();
    this.input.focus();
  }

  draw() {
    this.drawnFor = this.id;
    this.box.hidden = !this.mayReply && !this.wantsNote;
    this.box.classList.toggle("note", this.mode === "note");
    this.tabs.reply.textContent = t("回复");
    this.tabs.note.textContent = t("备注");
    this.tabs.reply.hidden = !this.mayReply;
    for (const mode of MODES) this.tabs[mode].setAttribute("aria-pressed", String(mode === this.mode));
    this.input.placeholder = this.mode === "note" ? t("只有同事看得到…") : t("回复客户…");
    this.input.setAttribute("aria-label", this.mode === "note" ? t("备注内容") : t("回复内容"));
    this.input.value = localStorage.getItem(kept(this.id, this.mode)) || "";
    this.words.textContent = t("Ctrl + Enter 发送");
    fill(this.button, icon("send", "icon-s"), this.mode === "note" ? t("存备注") : t("发送"));
    this.ready();
  }

  typed() {
    localStorage.setItem(kept(this.id, this.mode), this.input.value);
    this.ready();
  }

  ready() {
    this.button.disabled = !this.input.value.trim();
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(TALLEST, this.input.scrollHeight)}px`;
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) { event.preventDefault(); this.send(); }
    if (event.key === "Escape") this.input.blur();
  }

  send() {
    const content = this.input.value.trim();
    if (!content) return;
    localStorage.removeItem(kept(this.id, this.mode));
    this.input.value = "";
    this.ready();
    this.store.send(content, this.mode === "note");
    this.input.focus();
  }
}
