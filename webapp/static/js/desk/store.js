// What the workbench knows: conversations, counts, the one that is open; live by the event stream.

import { api } from "../api.js";
import { uuid } from "../dom.js";
import { page } from "../pagedata.js";
import { explain } from "../problems.js";
import { Stream } from "../stream.js";

const me = page.me;
const HIDDEN_MS = 5000;

/** Whether a conversation belongs to a group of the list. */
export const GROUPS = {
  queue: (talk) => talk.holder === "queue" && talk.status !== "resolved",
  mine: (talk) => talk.holder === "agent" && talk.status !== "resolved" && talk.assignee?.id === me.id,
  all: () => true,
};

const oversees = ["admin", "supervisor"].includes(me.role);

/** Whether I may look at a conversation: agents see the queue and their own. */
const visible = (talk) => oversees || talk.holder === "queue" || talk.assignee?.id === me.id;

const QUERIES = {
  queue: { holder: "queue", limit: 200 },
  mine: { holder: "agent", assignee: "me", limit: 200 },
  all: { limit: 100 },
};

export class Store {
  constructor() {
    this.talks = new Map();
    this.details = new Map();
    this.sending = new Map();
    this.lines = new Map(); // by conversation, the sending of the message that was written last
    this.selected = null;
    this.loaded = false;
    this.failure = null;
    this.listeners = new Set();
    this.cursor = null;
    this.heard = 0;
    this.asked = 0;
    this.answered = 0;
  }

  /** `listener(what)` is called after each change: "list", "thread" or "details". */
  onChange(listener) { this.listeners.add(listener); }

  changed(...what) { for (const part of what) for (const listener of this.listeners) listener(part); }

  get me() { return me; }

  get open() { return this.selected && this.details.get(this.selected); }

  /** The conversations of a group: the queue in the server's order, the others by the latest change. */
  group(name) {
    const found = [...this.talks.values()].filter(GROUPS[name]);
    const key = (talk) => (name === "queue" ? talk.ranked_at || talk.updated_at : talk.updated_at);
    found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
    return name === "queue" ? found : found.reverse();
  }

  async load() {
    this.failure = null;
    const heard = this.heard;
    try {
      const lists = await Promise.all(Object.values(QUERIES).map((query) => api.get("/conversations", query)));
      this.talks = new Map(lists.flatMap((list) => list.items).map((talk) => [talk.id, talk]));
      this.loaded = true;
      if (heard !== this.heard) this.loadSoon(); // something happened between the question and the answer
    } catch (error) {
      this.failure = error;
    }
    this.changed("list");
  }

  listen() {
    this.stream = new Stream({
      url: "/api/v1/events", credentials: "same-origin", cursor: this.cursor,
      onEvent: (event) => this.hear(event),
      onState: (state) => {
        window.dispatchEvent(new CustomEvent("jiedai:stream", { detail: state }));
        if (state === "live" && (this.wasLost || !this.wasLive)) this.refresh();
        this.wasLost = state === "lost";
        this.wasLive ||= state === "live";
      },
      onGone: () => this.refresh(),
    });
    this.stream.start();
    this.followVisibility();
  }

  /** A tab that nobody sees holds no connection, but still learns now and then who waits. */
  followVisibility() {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = setTimeout(() => this.stream.rest(true), HIDDEN_MS);
    else this.stream.rest(false);
  }

  async refresh() {
    await this.load();
    if (this.selected) await this.fetchOpen(this.selected);
  }

  hear({ kind, data }) {
    this.heard += 1;
    if (kind === "message.created") this.hearMessage(data);
    else if (kind.startsWith("conversation.")) this.hearConversation(data);
    else if (kind.startsWith("ticket.") && data.conversation_id === this.selected) this.refetchSoon();
  }

  hearMessage(message) {
    if (!message.conversation_id) return;
    const talk = this.talks.get(message.conversation_id);
    if (talk) {
      const customers = message.sender === "customer" && message.seq > talk.last_seq;
      talk.last_message = message;
      talk.last_seq = Math.max(talk.last_seq, message.seq);
      talk.updated_at = message.created_at;
      if (customers && message.conversation_id !== this.selected) talk.unread += 1;
    } else {
      this.loadSoon();
    }
    const detail = this.details.get(message.conversation_id);
    if (detail) this.addMessage(detail, message);
    if (message.conversation_id === this.selected) this.markRead();
    this.changed("list", "thread");
  }

  addMessage(detail, message) {
    if (detail.messages.some((known) => known.seq === message.seq)) return;
    detail.messages.push(message);
    detail.messages.sort((a, b) => a.seq - b.seq);
    const waiting = this.sending.get(detail.id) || [];
    this.sending.set(detail.id, waiting.filter((m) => m.client_msg_id !== message.client_msg_id));
  }

  hearConversation(talk) {
    if (!talk.id) return;
    if (!visible(talk)) { this.forget(talk.id); return; }
    const known = this.talks.get(talk.id);
    this.talks.set(talk.id, { ...talk, unread: talk.id === this.selected ? 0 : Math.max(known?.unread || 0, talk.unread || 0), contact: known?.contact || talk.contact });
    if (talk.id === this.selected) this.refetchSoon();
    this.changed("list");
  }

  loadSoon() {
    clearTimeout(this.loading);
    this.loading = setTimeout(() => this.load(), 300);
  }

  refetchSoon() {
    clearTimeout(this.fetching);
    this.fetching = setTimeout(() => this.selected && this.fetchOpen(this.selected), 150);
  }

  async select(id) {
    this.selected = id;
    this.openFailure = null;
    const talk = this.talks.get(id);
    if (talk) talk.unread = 0;
    this.changed("list", "thread", "details");
    if (id) await this.fetchOpen(id);
    this.markRead();
  }

  /** Ask for a conversation; an answer that a later one overtook is not taken. */
  async fetchOpen(id) {
    const turn = ++this.asked;
    try {
      const detail = await api.get(`/conversations/${id}`);
      if (turn < this.answered) return;
      this.answered = turn;
      const known = this.details.get(id)?.messages || [];
      const last = detail.messages.at(-1)?.seq || 0;
      detail.messages.push(...known.filter((message) => message.seq > last)); // said while the answer was on its way
      this.details.set(id, detail);
      const { messages: _messages, slots: _slots, ...talk } = detail;
      this.talks.set(id, { ...this.talks.get(id), ...talk, unread: 0 });
      for (const message of detail.messages) this.dropSent(id, message.client_msg_id);
    } catch (error) {
      if (turn < this.answered) return;
      this.details.delete(id);
      if (error.status === 404) this.talks.delete(id);
      if (id === this.selected) this.openFailure = error;
    }
    if (id === this.selected) this.changed("list", "thread", "details");
  }

  dropSent(id, clientMsgId) {
    this.sending.set(id, (this.sending.get(id) || []).filter((m) => m.client_msg_id !== clientMsgId));
  }

  markRead() {
    const detail = this.open;
    const seq = detail?.messages.findLast((message) => message.sender === "customer")?.seq;
    if (!seq || document.hidden || detail.readSeq === seq) return;
    detail.readSeq = seq;
    api.post(`/conversations/${detail.id}/read`, { seq }).catch(() => { detail.readSeq = 0; });
  }

  /** The open conversation's messages, what is still being sent last. */
  get thread() { return this.open ? [...this.open.messages, ...(this.sending.get(this.open.id) || [])] : []; }

  /** Reply or note: shown at once, repeated under the same id when it failed. */
  async send(content, internal) {
    const id = this.selected;
    const message = { client_msg_id: uuid(), content, internal, sender: "agent", author_name: me.name, created_at: new Date().toISOString(), state: "sending" };
    this.sending.set(id, [...(this.sending.get(id) || []), message]);
    this.changed("thread");
    const before = this.lines.get(id) || Promise.resolve();
    const sent = before.then(() => this.deliver(id, message)); // one after the other, or they could arrive in another order
    this.lines.set(id, sent);
    await sent;
  }

  async deliver(id, message) {
    Object.assign(message, { state: "sending", error: null });
    this.changed("thread");
    try {
      const { content, client_msg_id, internal } = message;
      const answer = await api.post(`/conversations/${id}/${internal ? "notes" : "messages"}`, { content, client_msg_id });
      this.dropSent(id, client_msg_id);
      const detail = this.details.get(id);
      if (detail) this.addMessage(detail, answer.message || answer);
    } catch (error) {
      Object.assign(message, { state: "failed", error: error.status ? explain(error) : null });
    }
    this.changed("thread", "list");
  }

  /** Do something with the open conversation and take over what the server says. */
  async act(verb, body = {}) {
    const id = this.selected;
    const talk = await api.post(`/conversations/${id}/${verb}`, body);
    if (visible(talk)) await this.fetchOpen(id);
    else this.forget(id);
  }

  /** It has gone to somebody else: leave it. */
  forget(id) {
    if (!this.talks.delete(id)) return;
    this.details.delete(id);
    if (this.selected === id) this.selected = null;
    this.changed("list", "thread", "details");
  }
}
