// Brings what the customer wrote to the server: one after another, again when the network fails.

const RETRIES = [500, 1000, 2000, 4000, 8000];

export class Delivery {
  constructor(chat) {
    this.chat = chat;
    this.busy = false;
  }

  /** Deliver everything that waits; what cannot be is marked as failed. */
  async flush() {
    const { chat } = this;
    if (this.busy) return;
    this.busy = true;
    try {
      do {
        await chat.start();
        if (chat.messages.next) await this.deliver(chat.messages.next);
      } while (chat.messages.next);
    } catch {
      chat.messages.failAll();
    } finally {
      this.busy = false;
      chat.emit("change");
    }
  }

  /** Try one until it is stored or refused; ends at once when the conversation was left. */
  async deliver(waiting) {
    const { chat } = this;
    const { round, conversation } = chat;
    const { content, client_msg_id } = waiting;
    for (let attempt = 0; round === chat.round; attempt += 1) {
      try {
        const { message, replies } = await chat.server.about(conversation, "/messages", { content, client_msg_id });
        if (round === chat.round) for (const said of [message, ...replies]) chat.take(said);
        break;
      } catch (error) {
        const final = error.status && error.status < 500 && error.status !== 429;
        if (final || attempt >= RETRIES.length) {
          Object.assign(waiting, { state: "failed", error: final ? error.message : null });
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRIES[attempt] * (0.5 + Math.random())));
      }
    }
    chat.keep();
    chat.emit("change");
  }
}
