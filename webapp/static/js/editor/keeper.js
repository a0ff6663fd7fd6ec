// Keeps what is typed: at once in this browser, after a pause on the server.

const PAUSE = 4000;
const LONGEST = 20000;
const LOCAL = 300;
const RETRY = 8000;

/** The copy in this browser, for one person and one article. */
export class LocalCopy {
  constructor(person, article) {
    this.key = `jiedai:article:${person}:${article || "new"}`;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch { return null; }
  }

  /** False when the browser has no room for it. */
  write(copy) {
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
      return true;
    } catch { return false; }
  }

  forget() {
    localStorage.removeItem(this.key);
  }
}

/**
 * Saves by `save(text)` what `read()` gives, never two at a time. `tell(state, error)` hears "clean",
 * "dirty", "saving", "saved", "failed". A refusal that time will not mend stops the trying until
 * something is typed again.
 */
export class Keeper {
  constructor({ read, save, copy, tell }) {
    Object.assign(this, { read, save, copy, tell, stored: read(), running: null, held: false, began: 0 });
  }

  get dirty() {
    return this.read() !== this.stored;
  }

  /** What the server has now, after it was read or saved elsewhere. */
  settle(text) {
    this.stored = text;
    if (!this.dirty) { this.copy().forget(); clearTimeout(this.timer); }
    this.tell(this.dirty ? "dirty" : "clean");
  }

  /** Something was typed. */
  typed(version) {
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keepHere(version), LOCAL);
    clearTimeout(this.timer);
    if (!this.dirty) { this.copy().forget(); clearTimeout(this.localTimer); this.began = 0; this.tell("clean"); return; }
    this.began ||= Date.now();
    this.tell("dirty");
    if (!this.held) this.timer = setTimeout(() => this.flush().catch(() => {}), Math.max(0, Math.min(PAUSE, this.began + LONGEST - Date.now())));
  }

  keepHere(version) {
    if (this.dirty) this.copy().write({ text: this.read(), version, at: new Date().toISOString() });
  }

  /** Save now; resolves when the server has everything, rejects with why it has not. */
  async flush() {
    clearTimeout(this.timer);
    if (this.running) await this.running.catch(() => {});
    if (!this.dirty) return;
    this.running = this.once();
    try {
      await this.running;
    } finally { this.running = null; }
    if (this.dirty) await this.flush();
  }

  async once() {
    const text = this.read();
    this.tell("saving");
    try {
      await this.save(text);
    } catch (error) {
      this.tell("failed", error);
      if (!error.status || error.status >= 500) this.timer = setTimeout(() => this.flush().catch(() => {}), RETRY);
      throw error;
    }
    this.stored = text;
    this.began = 0;
    clearTimeout(this.localTimer);
    if (this.dirty) this.tell("dirty");
    else { this.copy().forget(); this.tell("saved"); }
  }
}
