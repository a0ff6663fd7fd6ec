// The customer's window: draws a Chat into a root element; the hosted page and the widget share it.

import { el, fill } from "../dom.js";
import { Keyed } from "../keyed.js";
import { initial, t } from "../text.js";
import { icon } from "./icons.js";
import { failureBox, loadingBox, messageRow, timeRow, typingRow } from "./rows.js";
import { ratingBox } from "./rating.js";

const GAP_MS = 300000;
const LONGEST = 4000;

export class ChatView {
  /** `onClose` adds the closing button; `onLocale(locale)` adds the language switch. */
  constructor(chat, root, { onClose = null, onLocale = null, heading = "h2" } = {}) {
    Object.assign(this, { chat, root, onClose, onLocale, heading, note: null });
    this.build();
    chat.on("change", () => this.draw());
    this.draw();
  }

  build() {
    this.portrait = el("span", { class: "jd-avatar jd-avatar-head", "aria-hidden": "true" });
    this.name = el(this.heading, { class: "jd-name" });
    this.state = el("span", { class: "jd-state", role: "status" });
    this.human = el("button", { type: "button", class: "jd-human", on: { click: () => this.askForPerson() } }, icon("person"), el("span"));
    this.language = el("button", { type: "button", class: "jd-plain", on: { click: () => this.onLocale(this.chat.locale === "en" ? "zh" : "en") } });
    this.closer = el("button", { type: "button", class: "jd-plain", on: { click: () => this.onClose() } }, icon("close"));
    this.banner = el("p", { class: "jd-banner", role: "status", hidden: true });
    this.log = el("div", { class: "jd-log", role: "log", "aria-live": "polite", tabIndex: 0 });
    this.rowsShown = new Keyed(this.log);
    this.jump = el("button", { type: "button", class: "jd-jump", hidden: true, on: { click: () => this.toEnd(true) } }, icon("down"), el("span"));
    this.chips = el("div", { class: "jd-chips", role: "group" });
    this.input = el("textarea", { class: "jd-input", rows: 1, maxLength: LONGEST, on: { input: () => this.typed(), keydown: (e) => this.key(e) } });
    this.sender = el("button", { type: "submit", class: "jd-send" }, icon("send"));
    this.form = el("form", { class: "jd-form", on: { submit: (e) => this.submit(e) } }, this.input, this.sender);
    this.foot = el("p", { class: "jd-foot" });
    this.pinned = true;
    this.log.addEventListener("scroll", () => { this.pinned = this.atEnd(); if (this.pinned) this.jump.hidden = true; });
    new ResizeObserver(() => { if (this.pinned) this.toEnd(); }).observe(this.log);
    fill(
      this.root,
      el("div", { class: "jd-head" },
        this.portrait,
        el("div", { class: "jd-title" }, this.name, this.state),
        this.human, this.onLocale && this.language, this.onClose && this.closer),
      this.banner,
      el("div", { class: "jd-body" }, this.log, this.jump),
      this.chips, this.form, this.foot,
    );
    this.input.value = this.chat.draft;
  }

  /** Put the cursor where one types. */
  focus() { this.input.focus(); }

  draw() { this.keepingFocus(() => this.drawAll()); }

  drawAll() {
    this.root.lang = this.chat.locale === "en" ? "en" : "zh-CN";
    this.drawHead();
    this.drawBanner();
    this.drawLog();
    this.drawChips();
    this.input.placeholder = this.resolved ? t("还有问题？直接说就好") : t("输入你的问题…");
    this.input.setAttribute("aria-label", t("输入消息"));
    this.sender.setAttribute("aria-label", t("发送"));
    this.sender.disabled = !this.input.value.trim();
    this.foot.textContent = t("机器人的回答由 AI 生成，仅供参考");
  }

  /** What somebody with a keyboard has just pressed may go away: then the focus goes to where one types. */
  keepingFocus(act) {
    const focused = () => this.root.getRootNode().activeElement;
    const held = this.root.contains(focused());
    act();
    if (!held || (this.root.contains(focused()) && !focused().disabled)) return;
    if (matchMedia("(pointer: coarse)").matches) this.log.focus({ preventScroll: true }); // no keyboard over the answer
    else this.focus();
  }

  get holder() { return this.chat.conversation?.holder || "bot"; }

  get resolved() { return this.chat.conversation?.status === "resolved"; }

  get botName() { return this.chat.config?.bot_name || t("智能客服"); }

  stateWords() {
    const talk = this.chat.conversation;
    if (!talk && this.chat.failure) return t("连不上");
    if (this.resolved) return t("会话已结束");
    if (this.holder === "queue") return talk.queue_position ? t("排队第 {n} 位", { n: talk.queue_position }) : t("正在转接人工客服");
    if (this.holder === "agent") return t("客服 {name}", { name: talk.assignee?.name || "" }).trim();
    return t("机器人 · 随时在线");
  }

  drawHead() {
    this.name.textContent = this.chat.config?.title || this.botName;
    this.state.textContent = this.stateWords();
    const person = this.holder === "agent" && !this.resolved && this.chat.conversation.assignee;
    this.portrait.classList.toggle("jd-avatar-agent", Boolean(person));
    fill(this.portrait, person ? initial(person.name) : icon("bot"));
    this.state.title = this.state.textContent;
    this.state.dataset.holder = !this.chat.conversation && this.chat.failure ? "away" : this.resolved ? "ended" : this.holder;
    const waiting = this.holder === "queue" && !this.resolved;
    this.human.lastChild.textContent = waiting ? t("已在排队") : t("转人工");
    this.human.disabled = waiting || this.calling;
    this.human.hidden = this.holder === "agent" && !this.resolved;
    this.language.textContent = this.chat.locale === "en" ? "中文" : "EN";
    this.language.setAttribute("aria-label", this.chat.locale === "en" ? "切换到中文" : "Switch to English");
    this.closer.setAttribute("aria-label", t("关闭"));
    this.log.setAttribute("aria-label", t("对话内容"));
  }

  drawBanner() {
    const lost = this.chat.conversation && !this.chat.online;
    this.banner.hidden = !lost && !this.note;
    this.banner.textContent = this.note || t("网络不太好，正在重新连接。你写的内容不会丢。");
  }

  drawLog() {
    const before = this.log.childElementCount;
    this.rowsShown.draw(this.rows().map((row) => ({ key: row.key, signature: this.signature(row), make: () => this.make(row) })));
    if (this.pinned || this.justSent) this.toEnd();
    else if (this.log.childElementCount > before) { this.jump.hidden = false; this.jump.lastChild.textContent = t("新消息"); }
    this.justSent = false;
  }

  rows() {
    const rows = [];
    const thread = this.chat.thread;
    const lastCustomer = Math.max(0, ...thread.filter((m) => m.sender === "customer").map((m) => m.seq || Infinity));
    let previous = null;
    for (const [at, message] of thread.entries()) {
      const apart = !previous || new Date(message.created_at) - new Date(previous.created_at) > GAP_MS;
      if (apart) rows.push({ key: `at${message.client_msg_id || message.seq}`, kind: "time", at: message.created_at });
      const first = apart || previous.sender !== message.sender || previous.author_name !== message.author_name;
      const live = message.sender === "bot" && message.seq > lastCustomer && this.holder === "bot" && !this.resolved;
      const reply = message.buttons?.length ? thread.slice(at + 1).find((m) => m.sender === "customer")?.content : undefined;
      rows.push({ key: message.client_msg_id || `s${message.seq}`, kind: "message", message, first, live, reply });
      previous = message;
    }
    if (!thread.length) rows.push(this.chat.failure ? { key: "failure", kind: "failure" } : { key: "loading", kind: "loading" });
    if (this.awaitingBot(thread)) rows.push({ key: "typing", kind: "typing" });
    if (this.resolved && lastCustomer) rows.push({ key: "rating", kind: "rating" });
    return rows;
  }

  awaitingBot(thread) {
    const last = thread.at(-1);
    return this.holder === "bot" && last?.sender === "customer" && last.state === "sending" && this.chat.online;
  }

  signature({ kind, first, live, reply, message }) {
    return JSON.stringify([kind, first, live, reply, message?.id, message?.state, message?.error, kind === "rating" && this.chat.rated, this.chat.locale]);
  }

  make(row) {
    if (row.kind === "message") return messageRow(row, { botName: this.botName, say: (words) => this.say(words), retry: (id) => this.chat.retry(id), judge: (message, helpful) => this.judge(message, helpful), fold: (node, change) => this.fold(node, change) });
    if (row.kind === "time") return timeRow(row.at);
    if (row.kind === "typing") return typingRow();
    if (row.kind === "loading") return loadingBox();
    if (row.kind === "failure") return failureBox(() => this.chat.start().catch(() => {}));
    return ratingBox(this.chat.rated, (score, comment) => this.rate(score, comment));
  }

  /** True when the rating was stored. */
  async rate(score, comment) {
    try {
      await this.chat.rate(score, comment);
      return true;
    } catch {
      this.sayNote(t("评价没有提交成功，请再试一次。"));
      return false;
    }
  }

  drawChips() {
    const fresh = !this.chat.thread.some((m) => m.sender === "customer") && this.holder === "bot";
    const offered = this.chat.thread.some((m) => m.buttons?.length);
    const questions = fresh && !offered ? this.chat.config?.hot_questions || [] : [];
    const signature = JSON.stringify(questions);
    if (signature === this.chipsShown) return;
    this.chipsShown = signature;
    this.chips.hidden = !questions.length;
    this.chips.setAttribute("aria-label", t("大家都在问"));
    fill(this.chips, questions.map((q) => el("button", { type: "button", class: "jd-chip", on: { click: () => this.say(q.text || q) } }, q.label || q.text || q)));
  }

  typed() {
    this.chat.keepDraft(this.input.value);
    this.sender.disabled = !this.input.value.trim();
    this.grow();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit(event);
  }

  submit(event) {
    event.preventDefault();
    const content = this.input.value.trim();
    if (!content) return;
    this.input.value = "";
    this.chat.keepDraft("");
    this.grow();
    this.say(content);
    this.focus();
  }

  say(content) {
    this.justSent = true;
    this.chat.send(content);
  }

  async askForPerson() {
    this.calling = true;
    this.keepingFocus(() => this.drawHead());
    try {
      await this.chat.handoff();
    } catch {
      this.sayNote(t("没有转接成功，请再试一次。"));
    }
    this.calling = false;
    this.draw();
  }

  /** The note says whether it was stored. */
  async judge(message, helpful) {
    if (message.helpful === helpful) return;
    try {
      await this.chat.judge(message, helpful);
      this.sayNote(helpful ? t("谢谢，很高兴帮到你。") : t("谢谢，我们会改进这个回答。"));
    } catch {
      this.sayNote(t("没有提交成功，请再试一次。"));
    }
  }

  /** What is read stays where it is; of what was folded up the beginning is seen. */
  fold(node, change) {
    const above = () => node.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
    const before = above();
    const height = node.offsetHeight;
    change();
    this.log.scrollTop += above() - (node.offsetHeight < height ? Math.max(before, 0) : before);
    this.pinned = this.atEnd();
  }

  sayNote(words) {
    this.note = words;
    this.drawBanner();
    clearTimeout(this.noteTimer);
    this.noteTimer = setTimeout(() => { this.note = null; this.drawBanner(); }, 6000);
  }

  atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60; }

  toEnd(smooth = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? "smooth" : "auto" });
    this.jump.hidden = true;
    this.pinned = true;
  }
}
