// What was said: stored messages by their number, what is still being sent, how far it was read.

import { uuid } from "../dom.js";

const THEIRS = ["bot", "agent"];

export class Messages {
  constructor({ readSeq = 0, outbox = [] } = {}) {
    this.stored = new Map();
    this.outbox = outbox;
    this.readSeq = readSeq;
  }

  /** In the order of the conversation, what is still being sent last. */
  get inOrder() { return [...[...this.stored.values()].sort((a, b) => a.seq - b.seq), ...this.outbox]; }

  get unread() { return [...this.stored.values()].filter((m) => m.seq > this.readSeq && THEIRS.includes(m.sender)).length; }

  /** The next one to deliver. */
  get next() { return this.outbox.find((m) => m.state === "sending"); }

  /** What to keep of those not delivered: after a reload they wait for the customer's word. */
  get unsent() { return this.outbox.map(({ client_msg_id, content, created_at }) => ({ client_msg_id, content, created_at, sender: "customer", state: "failed" })); }

  /** Take in what the server has stored; false when it was known. */
  take(message) {
    if (message.internal || this.stored.has(message.seq)) return false;
    this.stored.set(message.seq, message);
    this.outbox = this.outbox.filter((waiting) => waiting.client_msg_id !== message.client_msg_id);
    if (message.sender === "customer") this.readSeq = Math.max(this.readSeq, message.seq);
    return true;
  }

  readAll() { this.readSeq = Math.max(this.readSeq, 0, ...this.stored.keys()); }

  /** Something to deliver; its id stays the same however often it is tried. */
  write(content) {
    this.outbox.push({ client_msg_id: uuid(), content, sender: "customer", created_at: new Date().toISOString(), state: "sending" });
  }

  again(clientMsgId) {
    const message = this.outbox.find((m) => m.client_msg_id === clientMsgId);
    if (message) Object.assign(message, { state: "sending", error: null });
  }

  failAll() { for (const message of this.outbox) message.state = "failed"; }
}
