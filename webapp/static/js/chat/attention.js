// Whether anybody looks: tabs that nobody sees hold no connection, those that wait ask for their place.

const HIDDEN_MS = 5000;
const QUEUE_LOOK_MS = 15000;

export class Attention {
  constructor(chat) {
    this.chat = chat;
    document.addEventListener("visibilitychange", () => this.follow());
    setInterval(() => this.lookAtQueue(), QUEUE_LOOK_MS);
  }

  /** Connect while the tab is seen; of the others only who waits for people is told of answers. */
  follow() {
    const { chat } = this;
    clearTimeout(this.hiding);
    if (document.hidden) {
      this.hiding = setTimeout(() => (chat.withPeople ? chat.stream?.rest(true) : chat.stream?.stop()), HIDDEN_MS);
    } else {
      chat.stream?.rest(false);
      chat.stream?.start();
    }
  }

  /** Somebody ahead leaving the queue is no event of this conversation: ask for the new place. */
  async lookAtQueue() {
    const { chat } = this;
    const { round, conversation } = chat;
    if (!chat.withPeople || conversation.holder !== "queue" || document.hidden) return;
    const state = await chat.server.about(conversation).catch(() => null);
    if (!state || round !== chat.round) return;
    chat.know(state);
    chat.emit("change");
  }
}
