// One customer's conversation without any look: sends, retries, orders, resumes. Used by the
// hosted page and by the widget.

import { uuid } from "./dom.js";
import { Stream } from "./stream.js";

const RETRIES = [500, 1000, 2000, 4000, 8000];
const HIDDEN_PAUSE_MS = 60000;
const QUEUE_LOOK_MS = 15000;

/** A kept value that survives a reload; private windows without storage just forget it. */
class Kept {
  constructor(key) { this.key = key; }
  read() { try { return JSON.parse(localStorage.getItem(this.key)) || {}; } catch { return {}; } }
  write(value) { try { localStorage.setItem(this.key, JSON.stringify(value)); } catch { /* no storage: nothing is kept */ } }
}

/** What the server refused, with its code and words. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.message || `HTTP ${status}`);
    this.status = status;
    this.code = body?.error || "";
  }
}

/**
 * A chat with the server at `base`. Listeners: `change` (something to draw), `message` (one came
 * from the other side), `unread`, `started`, `handoff`, `resolved`, `state` (live or lost).
 */
export class Chat {
  constructor({ base, locale }) {
    this.base = base.replace(/\/$/, "");
    this.locale = locale;
    this.kept = new Kept(`jiedai:${this.base}`);
    this.handlers = new Map();
    this.clear();
    this.contact = null;
    this.config = null;
    this.online = true;
    this.reading = false;
    document.addEventListener("visibilitychange", () => this.followVisibility());
    setInterval(() => this.lookAtQueue(), QUEUE_LOOK_MS);
  }

  clear() {
    this.conversation = null;
    this.messages = new Map();
    this.outbox = [];
    this.readSeq = 0;
    this.rated = null;
    this.failure = null;
    this.starting = null;
    this.toldUnread ??= 0;
  }

  on(event, handler) {
    if (!this.handlers.has(event)) this.handlers.set(event, new Set());
    this.handlers.get(event).add(handler);
    return () => this.off(event, handler);
  }

  off(event, handler) { this.handlers.get(event)?.delete(handler); }

  emit(event, detail) { for (const handler of this.handlers.get(event) || []) handler(detail); }

  /** Messages in the order of the conversation, what is still being sent last. */
  get thread() {
    const stored = [...this.messages.values()].sort((a, b) => a.seq - b.seq);
    return [...stored, ...this.outbox];
  }

  get unread() {
    return [...this.messages.values()].filter((m) => m.seq > this.readSeq && ["bot", "agent"].includes(m.sender)).length;
  }

  get draft() { return this.kept.read().draft || ""; }

  keepDraft(draft) { this.kept.write({ ...this.kept.read(), draft }); }

  get resumable() { return Boolean(this.kept.read().id); }

  async request(path, { method = "GET", body, token } = {}) {
    const headers = { Accept: "application/json", "Accept-Language": this.locale };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const secret = token || this.conversation?.token;
    if (secret) headers.Authorization = `Bearer ${secret}`;
    const response = await fetch(`${this.base}/api/v1/widget${path}`, {
      method, headers, credentials: "omit", body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = response.status === 204 ? {} : await response.json().catch(() => null);
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }

  path(rest = "") { return `/conversations/${this.conversation.id}${rest}`; }

  async loadConfig() {
    this.config = await this.request(`/config?locale=${this.locale}`);
    this.emit("change");
  }

  /** Resume the kept conversation, or open a new one. Safe to call again and again. */
  start() {
    this.starting ||= this.begin().catch((error) => {
      this.starting = null;
      this.failure = error;
      this.emit("change");
      throw error;
    });
    return this.starting;
  }

  async begin() {
    this.failure = null;
    this.emit("change");
    if (!this.config) await this.loadConfig();
    const kept = this.kept.read();
    const sameVisitor = !this.contact?.identifier || !kept.identifier || kept.identifier === this.contact.identifier;
    if (kept.id && sameVisitor && (await this.resume(kept))) return;
    await this.open();
  }

  async resume(kept) {
    this.conversation = { id: kept.id, token: kept.token };
    this.readSeq = kept.readSeq || 0;
    this.rated = kept.rated || null;
    const unsent = this.outbox; // said before the kept conversation was back
    this.outbox = [...(kept.outbox || []), ...unsent];
    try {
      await this.refetch();
    } catch (error) {
      if (![401, 403, 404].includes(error.status)) throw error;
      const { starting } = this;
      this.clear();
      Object.assign(this, { starting, outbox: unsent });
      this.kept.write({ draft: kept.draft });
      return false;
    }
    this.listen(kept.cursor ?? null);
    this.emit("change");
    this.flush();
    return true;
  }

  async open() {
    const body = { locale: this.locale, page: location.href.slice(0, 500) };
    if (this.contact) body.contact = this.contact;
    const opened = await this.request("/conversations", { method: "POST", body });
    this.conversation = { status: "pending", holder: "bot", ...(opened.conversation || {}), id: opened.id, token: opened.token };
    this.emit("started", { id: opened.id });
    for (const message of opened.messages || []) this.take(message);
    this.keep();
    this.listen(opened.cursor ?? null);
    this.emit("change");
  }

  async refetch() {
    const [state, list] = await Promise.all([this.request(this.path()), this.request(this.path("/messages"))]);
    this.know(state);
    for (const message of list.messages || list.items || list) this.take(message, { quiet: true });
    this.emit("change");
  }

  listen(cursor) {
    this.stream?.stop();
    this.stream = new Stream({
      url: `${this.base}/api/v1/widget${this.path("/events")}`,
      headers: () => ({ Authorization: `Bearer ${this.conversation.token}` }),
      cursor,
      onEvent: (event) => this.hear(event),
      onState: (state) => { this.online = state === "live"; this.emit("state", state); this.emit("change"); if (this.online) this.flush(); },
      onGone: () => this.refetch(),
      onRefused: () => this.emit("state", "refused"),
    });
    this.stream.start();
  }

  /** Somebody ahead leaving the queue is no event of this conversation: ask for the new place. */
  async lookAtQueue() {
    const waiting = this.conversation?.holder === "queue" && this.conversation.status !== "resolved";
    if (!waiting || document.hidden) return;
    const { id } = this.conversation;
    const state = await this.request(this.path()).catch(() => null);
    if (!state || this.conversation?.id !== id) return;
    this.know(state);
    this.emit("change");
  }

  followVisibility() {
    clearTimeout(this.hiding);
    if (!this.stream) return;
    if (document.hidden) this.hiding = setTimeout(() => this.stream.stop(), HIDDEN_PAUSE_MS);
    else this.stream.start();
  }

  hear({ kind, data }) {
    if (kind === "message.created") this.take(data.message || data);
    else if (kind === "conversation.updated") this.know(data.conversation || data);
    else if (kind === "conversation.rated") this.rated = data.score ?? this.rated;
    this.keep();
    this.emit("change");
  }

  know(state) {
    const before = this.conversation;
    this.conversation = { ...before, ...state, id: before.id, token: before.token };
    if (before.status !== "resolved" && state.status === "resolved") this.emit("resolved", {});
    if (before.status === "resolved" && state.status && state.status !== "resolved") this.rated = null;
    if (before.holder === "bot" && state.holder && state.holder !== "bot") this.emit("handoff", {});
    this.rated = state.rating?.score ?? state.rating ?? this.rated;
  }

  take(message, { quiet = false } = {}) {
    if (message.internal || this.messages.has(message.seq)) return;
    this.messages.set(message.seq, message);
    this.outbox = this.outbox.filter((waiting) => waiting.client_msg_id !== message.client_msg_id);
    if (message.sender === "customer") this.readSeq = Math.max(this.readSeq, message.seq);
    if (this.reading) this.markRead();
    else this.tellUnread();
    if (!quiet && message.sender !== "customer") this.emit("message", message);
  }

  markRead() {
    this.readSeq = Math.max(this.readSeq, 0, ...this.messages.keys());
    this.keep();
    this.tellUnread();
  }

  /** Say how many are unread, when that changed. */
  tellUnread() {
    const count = this.unread;
    if (count === this.toldUnread) return;
    this.toldUnread = count;
    this.emit("unread", { count });
  }

  keep() {
    if (!this.conversation?.token) return;
    const { id, token } = this.conversation;
    const outbox = this.outbox.map(({ client_msg_id, content, created_at }) => ({ client_msg_id, content, created_at, sender: "customer", state: "failed" }));
    this.kept.write({
      id, token, outbox, cursor: this.stream?.cursor ?? null, readSeq: this.readSeq, rated: this.rated,
      identifier: this.contact?.identifier || null, draft: this.draft,
    });
  }

  /** Say something: shown at once, stored when the server has it, retried under the same id. */
  send(content) {
    this.outbox.push({ client_msg_id: uuid(), content, sender: "customer", created_at: new Date().toISOString(), state: "sending" });
    this.keep();
    this.emit("change");
    return this.flush();
  }

  /** Try a failed message once more. */
  retry(clientMsgId) {
    const message = this.outbox.find((m) => m.client_msg_id === clientMsgId);
    if (message) Object.assign(message, { state: "sending", error: null });
    this.emit("change");
    return this.flush();
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    try {
      await this.start();
      let next;
      while ((next = this.outbox.find((m) => m.state === "sending"))) await this.deliver(next);
    } catch {
      for (const message of this.outbox) message.state = "failed";
    } finally {
      this.flushing = false;
      this.emit("change");
    }
  }

  async deliver(waiting) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { content, client_msg_id } = waiting;
        const { message, replies } = await this.request(this.path("/messages"), { method: "POST", body: { content, client_msg_id } });
        this.take(message);
        for (const reply of replies || []) this.take(reply);
        this.outbox = this.outbox.filter((m) => m !== waiting);
        this.keep();
        this.emit("change");
        return;
      } catch (error) {
        const final = error.status && error.status < 500 && error.status !== 429;
        if (final || attempt >= RETRIES.length) {
          Object.assign(waiting, { state: "failed", error: final ? error.message : null });
          this.keep();
          this.emit("change");
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRIES[attempt] * (0.5 + Math.random())));
      }
    }
  }

  /** Ask for a person. */
  async handoff() {
    await this.start();
    const answer = await this.request(this.path("/handoff"), { method: "POST", body: { client_msg_id: uuid() } });
    this.know(answer.conversation || answer);
    for (const message of answer.messages || answer.replies || []) this.take(message);
    this.emit("change");
  }

  /** Rate the conversation, 1 to 5. */
  async rate(score, comment) {
    await this.request(this.path("/rating"), { method: "POST", body: comment ? { score, comment } : { score } });
    this.rated = score;
    this.keep();
    this.emit("change");
  }

  /** Tell who is here; another person than before gets a conversation of their own. */
  setUser(contact) {
    const kept = this.kept.read();
    this.contact = contact;
    if (kept.id && kept.identifier !== contact.identifier) this.reset();
  }

  /** Forget this conversation here; the server keeps it for the people who answer. */
  reset() {
    this.stream?.stop();
    this.stream = null;
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
