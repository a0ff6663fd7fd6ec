// The middle pane: who said what and when, notes in yellow, events, what the bot's answers rest on.

import { el, fill, linked } from "../dom.js";
import { Keyed } from "../keyed.js";
import { empty, icon, refill, skeleton } from "../parts.js";
import { explain } from "../problems.js";
import { clock, day, exact, initial, t, waited } from "../text.js";
import { Composer } from "./composer.js";
import { customerName } from "./list.js";
import { proposalOf, proposing } from "./proposing.js";
import { statusWords } from "../words.js";

/** The line of a summary worth showing on top: what the customer wants; the reason is a tag already. */
function headline(summary) {
  const lines = summary.split("\n").filter(Boolean);
  return lines[1] || lines[0];
}

export class Thread {
  constructor(store, actions, { onBack, onDetails }) {
    Object.assign(this, { store, actions, onBack, onDetails, shown: null });
    this.pane = document.getElementById("thread-pane");
    this.hint = [...this.pane.children];
    this.composer = new Composer(store);
    store.onChange((what) => { if (what !== "details") this.draw(what); });
    setInterval(() => { if (this.store.open?.holder === "queue") this.drawHead(); }, 30000);
  }

  draw(what) {
    const { selected, open, openFailure } = this.store;
    if (what === "list" && this.shown === selected && open) { this.drawHead(); this.drawBar(); return; }
    if (!selected) { fill(this.pane, this.hint); this.shown = null; return; }
    if (this.shown !== selected || !this.log) this.build(selected);
    this.drawHead();
    this.drawBar();
    if (openFailure) { fill(this.log, empty("alert", t("看不到这段对话"), explain(openFailure))); return; }
    if (!open) { fill(this.log, skeleton()); return; }
    this.drawMessages();
  }

  build(selected) {
    this.shown = selected;
    this.head = el("header", { class: "pane-head thread-head" });
    this.summary = el("div", { class: "summary-bar", hidden: true });
    this.log = el("div", { class: "thread", role: "log", "aria-live": "polite" });
    this.rows = new Keyed(this.log);
    this.scroller = el("div", { class: "pane-scroll", tabIndex: 0, "aria-label": t("消息"), role: "region" }, this.log);
    this.bar = el("div", { class: "claim-bar", hidden: true });
    fill(this.pane, this.head, this.summary, this.scroller, this.bar, this.composer.box);
    this.composer.show(selected);
    this.pinned = true;
    this.scroller.addEventListener("scroll", () => { this.pinned = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60; });
    this.sizes?.disconnect();
    this.sizes = new ResizeObserver(() => this.toEnd());
    this.sizes.observe(this.scroller);
  }

  /** Stay at the newest message, unless the reader scrolled up. */
  toEnd() { if (this.pinned) this.scroller.scrollTop = this.scroller.scrollHeight; }

  drawHead() {
    const talk = this.store.talks.get(this.shown);
    if (!talk || !this.head) return;
    const signature = JSON.stringify([talk.status, talk.holder, talk.assignee, talk.contact, talk.page, this.shown]);
    if (signature === this.headShown) return;
    this.headShown = signature;
    refill(this.head,
      el("button", { type: "button", class: "button button-quiet button-icon only-phone", "aria-label": t("回到列表"), on: { click: this.onBack } }, icon("back")),
      el("div", { class: "thread-who" }, el("h2", {}, customerName(talk)), el("p", {}, this.subtitle(talk))),
      el("div", { class: "thread-actions" }, this.actions.buttons(talk)),
      el("button", { type: "button", class: "button button-quiet button-icon only-tablet", "aria-label": t("客户与上下文"), on: { click: this.onDetails } }, icon("panel")));
    const words = this.store.open?.summary || talk.handoff?.summary;
    const waiting = words && talk.status !== "resolved";
    this.summary.hidden = !waiting;
    if (waiting) fill(this.summary, icon("alert", "icon-s"), el("span", {}, headline(words)));
  }

  subtitle(talk) {
    const state = talk.status === "resolved" ? statusWords("resolved")
      : talk.holder === "agent" ? t("{name} 接待中", { name: talk.assignee?.name || "" })
        : talk.holder === "queue" ? t("排队中") : statusWords("pending");
    const place = talk.page ? talk.page.replace(/^https?:\/\//, "").slice(0, 60) : t("网页");
    return [state, place].join(" · ");
  }

  drawBar() {
    const talk = this.store.open;
    if (!talk || !this.bar) return;
    const mine = talk.holder === "agent" && talk.assignee?.id === this.store.me.id && talk.status !== "resolved";
    this.composer.allow({ reply: mine });
    this.bar.hidden = mine;
    const note = el("button", { type: "button", class: "button button-s", on: { click: () => this.composer.start("note") } }, t("写备注"));
    if (talk.status === "resolved") {
      refill(this.bar, el("span", {}, t("会话已结束"), talk.rating ? ` · ${t("客户评价")} ${"★".repeat(talk.rating.score)}` : ""), note);
      return;
    }
    const words = talk.holder === "queue" && talk.queued_at ? t("客户已经等了 {time}", { time: waited(talk.queued_at) })
      : talk.holder === "bot" ? t("机器人正在接待") : t("{name} 正在接待", { name: talk.assignee?.name || "" });
    refill(this.bar, el("span", {}, words), el("span", { class: "row-line" }, note,
      el("button", { type: "button", class: "button button-main", id: "claim", on: { click: () => this.actions.take() } }, talk.holder === "queue" ? t("接待客户") : t("介入接待"))));
  }

  drawMessages() {
    const rows = [];
    let previous = null;
    for (const message of this.store.thread) {
      const newDay = !previous || day(previous.created_at) !== day(message.created_at);
      if (newDay) rows.push({ key: `day ${day(message.created_at)}`, signature: "", make: () => el("p", { class: "thread-day" }, day(message.created_at)) });
      const first = newDay || previous.sender !== message.sender || previous.internal !== message.internal || previous.author_name !== message.author_name || new Date(message.created_at) - new Date(previous.created_at) > 300000;
      rows.push({ key: message.client_msg_id || message.seq, signature: JSON.stringify([first, message.id, message.state, message.error, proposalOf(this.store.open, message)?.state]), make: () => this.message(message, first) });
      previous = message;
    }
    this.rows.draw(rows);
    if (this.store.thread.at(-1)?.state === "sending") this.pinned = true;
    this.toEnd();
  }

  message(message, first) {
    if (message.sender === "system") return el("p", { class: "said-event", title: exact(message.created_at) }, message.content);
    const kind = message.internal ? "agent internal" : message.sender;
    const body = message.html && message.sender !== "customer"
      ? el("div", { class: "said-body rich", html: message.html })
      : el("div", { class: "said-body said-plain" }, linked(message.content));
    body.title = exact(message.created_at);
    return el("article", { class: `said ${kind}${first ? " first" : ""}${message.state === "failed" ? " failed" : ""}` },
      first ? this.face(message) : el("span"),
      el("div", {}, first && this.byline(message), body, this.extra(message)));
  }

  face(message) {
    if (message.sender === "bot") return el("span", { class: "face face-bot", "aria-hidden": "true" }, icon("bot", "icon-s"));
    const name = message.sender === "agent" ? message.author_name || t("客服") : customerName(this.store.open);
    return el("span", { class: `face${message.sender === "agent" ? " face-agent" : ""}`, "aria-hidden": "true" }, initial(name));
  }

  byline(message) {
    const who = message.sender === "bot" ? t("机器人") : message.sender === "agent" ? message.author_name || t("客服") : customerName(this.store.open);
    return el("p", { class: "said-by" }, el("strong", {}, who), message.internal && el("span", { class: "tag tag-amber" }, t("内部备注")), el("time", { dateTime: message.created_at, title: exact(message.created_at) }, clock(message.created_at)));
  }

  extra(message) {
    if (message.state === "sending") return el("p", { class: "said-extra" }, t("发送中…"));
    if (message.state === "failed") {
      return el("p", { class: "said-extra row-line", role: "alert" }, message.error || t("没有发出去"),
        el("button", { type: "button", class: "button button-s", on: { click: () => this.store.deliver(this.shown, message) } }, t("重发")));
    }
    if (!message.sources?.length) return proposing(this.store, message);
    return el("details", { class: "said-extra" }, el("summary", {}, t("依据 {n} 篇知识", { n: message.sources.length })),
      message.sources.map((source) => el("p", {}, el("a", { href: `/knowledge/${encodeURIComponent(source.article_id)}`, target: "_blank", rel: "noopener" }, [source.title, source.heading].filter(Boolean).join(" › ")), ` ${Math.round(source.score * 100)}%`)));
  }
}
