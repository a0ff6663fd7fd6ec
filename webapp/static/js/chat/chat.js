// One customer's conversation without any look: sends, retries, orders, resumes. Used by the
// hosted page and by the widget.

import { uuid } from "../dom.js";
import { Emitter } from "../emitter.js";
import { Stream } from "../stream.js";
import { Attention } from "./attention.js";
import { Delivery } from "./delivery.js";
import { Kept } from "./kept.js";
import { Messages } from "./messages.js";
import { Server } from "./server.js";

/**
 * A chat with the server at `base`. Events: `change` (something to draw), `message` (one came
 * from the other side), `unread`, `started`, `handoff`, `resolved`, `state` (live or lost).
 */
export class Chat extends Emitter {
  constructor({ base, locale }) {
    super();
    this.server = new Server(base);
    this.files = `${base.replace(/\/$/, "")}/files/`;
    this.locale = locale;
    this.kept = new Kept(`jiedai:${base.replace(/\/$/, "")}`);
    this.delivery = new Delivery(this);
    this.round = 0;
    this.toldUnread = 0;
    this.clear();
    this.contact = null;
    this.config = null;
    this.online = true;
    this.reading = false;
    this.attention = new Attention(this);
  }

  /** Know of no conversation; whatever is still on its way for the last one is ignored. */
  clear(unsent = []) {
    this.round += 1;
    this.stream?.stop();
    this.stream = null;
    this.conversation = null;
    this.identifier = null;
    this.messages = new Messages({ outbox: unsent });
    this.rated = null;
    this.failure = null;
    this.starting = null;
  }

  get thread() { return this.messages.inOrder; }

  get draft() { return this.kept.read().draft || ""; }

  keepDraft(draft) { this.kept.write({ ...this.kept.read(), draft }); }

  get resumable() { return Boolean(this.kept.read().id); }

  get withPeople() { return ["queue", "agent"].includes(this.conversation?.holder) && this.conversation.status !== "resolved"; }

  async loadConfig() {
    this.config = await this.server.config(this.locale);
    this.emit("change");
  }

  /** Resume the kept conversation, or open a new one. Safe to call again and again. */
  start() {
    const { round } = this;
    this.starting ||= this.begin().then(
      () => (round === this.round ? undefined : this.start()),
      (error) => {
        if (round !== this.round) return this.start();
        this.starting = null;
        this.failure = error;
        this.emit("change");
        throw error;
      },
    );
    return this.starting;
  }

  async begin() {
    const { round } = this;
    this.failure = null;
    this.emit("change");
    if (!this.config) await this.loadConfig();
    if (round !== this.round) return;
    const kept = this.kept.read();
    if (!kept.id || !(await this.resume(kept))) await this.open();
  }

  async resume(kept) {
    const { round } = this;
    const unsent = this.messages.outbox; // said before the kept conversation was back
    this.conversation = { id: kept.id, token: kept.token };
    this.identifier = kept.identifier || null;
    this.rated = kept.rated || null;
    this.messages = new Messages({ readSeq: kept.readSeq, outbox: [...(kept.outbox || []), ...unsent] });
    try {
      await this.refetch();
    } catch (error) {
      if (round !== this.round) return true;
      if (![401, 403, 404].includes(error.status)) throw error;
      this.conversation = null;
      this.messages = new Messages({ outbox: unsent });
      this.kept.write({ draft: kept.draft });
      return false;
    }
    if (round !== this.round) return true;
    if (this.isOutgrown) {
      this.startAfresh();
      return true;
    }
    this.listen(kept.cursor ?? null);
    this.emit("change");
    this.delivery.flush();
    return true;
  }

  async open() {
    const { round, contact } = this;
    const body = { locale: this.locale, page: location.origin + location.pathname }; // what follows may hold secrets
    if (contact) body.contact = contact;
    const opened = await this.server.open(body);
    if (round !== this.round) return;
    this.conversation = { status: "pending", holder: "bot", ...opened.conversation, id: opened.id, token: opened.token };
    this.identifier = contact?.identifier || null;
    this.emit("started", { id: opened.id });
    for (const message of opened.messages) this.take(message);
    this.keep();
    this.listen(opened.cursor ?? null);
    this.emit("change");
  }

  async refetch() {
    const { round, conversation } = this;
    const [state, list] = await Promise.all([this.server.about(conversation), this.server.about(conversation, "/messages")]);
    if (round !== this.round) return;
    this.know(state);
    for (const message of list.messages) this.take(message, { quiet: true });
    this.emit("change");
  }

  listen(cursor) {
    const { token } = this.conversation;
    this.stream?.stop();
    this.stream = new Stream({
      url: this.server.events(this.conversation),
      headers: () => ({ Authorization: `Bearer ${token}` }),
      cursor,
      onEvent: (event) => this.hear(event),
      onState: (state) => { this.online = state === "live"; this.emit("state", state); this.emit("change"); if (this.online) this.delivery.flush(); },
      onGone: () => this.refetch(),
      onRefused: () => this.emit("state", "refused"),
    });
    this.stream.start();
    this.attention.follow();
  }

  hear({ kind, data }) {
    if (kind === "message.created") this.take(data);
    else if (kind.startsWith("conversation.")) this.know(data);
    this.keep();
    this.emit("change");
  }

  know(state) {
    const before = this.conversation;
    this.conversation = { ...before, ...state, id: before.id, token: before.token };
    if (before.status !== "resolved" && state.status === "resolved") this.emit("resolved", {});
    if (before.status === "resolved" && state.status && state.status !== "resolved") this.rated = null;
    if (before.holder === "bot" && state.holder && state.holder !== "bot") this.emit("handoff", {});
    this.rated = state.rating ?? this.rated;
  }

  take(message, { quiet = false } = {}) {
    // On the shop's own page, pictures of articles are on another site.
    if (message.html) message.html = message.html.replaceAll('="/files/', `="${this.files}`);
    if (!this.messages.take(message)) return;
    if (this.reading) this.markRead();
    else this.tellUnread();
    if (!quiet && message.sender !== "customer") this.emit("message", message);
  }

  markRead() {
    this.messages.readAll();
    this.keep();
    this.tellUnread();
  }

  /** Say how many are unread, when that changed. */
  tellUnread() {
    const count = this.messages.unread;
    if (count === this.toldUnread) return;
    this.toldUnread = count;
    this.emit("unread", { count });
  }

  keep() {
    if (!this.conversation) return;
    const { id, token } = this.conversation;
    this.kept.write({
      id, token, identifier: this.identifier, outbox: this.messages.unsent, readSeq: this.messages.readSeq,
      cursor: this.stream?.cursor ?? null, rated: this.rated, draft: this.draft,
    });
  }

  /** Say something: shown at once, stored when the server has it, retried under the same id. */
  send(content) {
    this.messages.write(content);
    this.keep();
    this.emit("change");
    return this.delivery.flush();
  }

  /** Try a failed message once more. */
  retry(clientMsgId) {
    this.messages.again(clientMsgId);
    this.emit("change");
    return this.delivery.flush();
  }

  /** Ask for a person. */
  async handoff() {
    await this.start();
    const { round } = this;
    const answer = await this.server.about(this.conversation, "/handoff", { client_msg_id: uuid() });
    if (round !== this.round) return;
    this.know(answer.conversation);
    for (const message of answer.messages) this.take(message);
    this.emit("change");
  }

  /** Tell whether an answer helped; the other word later replaces this one. */
  async judge(message, helpful) {
    const { round } = this;
    await this.server.about(this.conversation, `/messages/${message.id}/feedback`, { helpful });
    if (round !== this.round) return;
    message.helpful = helpful;
  }

  /** Rate the conversation, 1 to 5. */
  async rate(score, comment) {
    const { round } = this;
    await this.server.about(this.conversation, "/rating", comment ? { score, comment } : { score });
    if (round !== this.round) return;
    this.rated = score;
    this.keep();
    this.emit("change");
  }

  /**
   * Tell who is signed in, or with null that nobody is. Nobody sees another person's conversation:
   * it is forgotten here. A guest who signs in begins one that knows them, once people no longer
   * have theirs; what they had typed goes along.
   */
  setUser(contact) {
    const kept = this.kept.read();
    this.contact = contact || null;
    if (kept.identifier && kept.identifier !== this.contact?.identifier) this.reset();
    else if (this.conversation?.holder && this.isOutgrown) this.startAfresh();
  }

  /** A guest's conversation after the guest has signed in: who opens one is fixed for good. */
  get isOutgrown() { return Boolean(this.contact?.identifier) && !this.identifier && !this.withPeople; }

  /** Leave a conversation for a new one of the same person. */
  startAfresh() {
    const { draft } = this;
    this.clear(this.messages.outbox);
    this.kept.write({ draft });
    this.tellUnread();
    this.emit("change");
  }

  /** Forget this conversation here; the server keeps it for the people who answer. */
  reset() {
    this.clear();
    this.kept.write({});
    this.tellUnread();
    this.emit("change");
  }

  async setLocale(locale) {
    this.locale = locale;
    await this.loadConfig().catch(() => {});
    this.emit("change");
  }
}
