// Reads the server's events and never loses one: server-sent events over fetch() (EventSource can
// send no Authorization header), resumed by the last event id, long poll where streaming is blocked.

const SILENCE_MS = 60000; // the server sends a heartbeat every 20 s; without bytes for 60 s it is dead
const POLL_SECONDS = 25;
const FAILURES_BEFORE_POLL = 2;
const STREAM_AGAIN_MS = 300000;
const REST_MS = 20000;

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });

/** Cut a byte stream into server-sent events: `feed(chunk)` calls `emit` for each whole one. */
export function sseParser(emit) {
  let buffer = "";
  return (chunk) => {
    buffer += chunk;
    let end;
    while ((end = buffer.search(/\r?\n\r?\n/)) >= 0) {
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end).replace(/^\r?\n\r?\n/, "");
      const event = { id: null, kind: "message", data: "" };
      for (const line of block.split(/\r?\n/)) {
        const colon = line.indexOf(":");
        if (colon <= 0) continue;
        const field = line.slice(0, colon);
        const value = line.slice(colon + 1).replace(/^ /, "");
        if (field === "id") event.id = value;
        else if (field === "event") event.kind = value;
        else if (field === "data") event.data += (event.data ? "\n" : "") + value;
      }
      if (event.data || event.id !== null) emit(event);
    }
  };
}

/**
 * One subscription. `onEvent({id, kind, data})` is called once per event, in order;
 * `onState("live"|"lost")` tells a banner; `onGone()` refetches when the cursor is too old (410);
 * `onRefused(status)` ends it (401, 403, 404).
 */
export class Stream {
  constructor({ url, headers = () => ({}), cursor = null, onEvent, onState = () => {}, onGone = async () => {}, onRefused = () => {}, credentials = "omit" }) {
    Object.assign(this, { url, headers, cursor, onEvent, onState, onGone, onRefused, credentials });
    this.failures = 0;
    this.pollUntil = 0;
    this.resting = false;
    this.running = null;
    this.wake = () => this.waiting?.abort();
  }

  start() {
    if (this.running) return;
    this.running = {};
    window.addEventListener("online", this.wake);
    this.run(this.running);
  }

  stop() {
    this.running = null;
    window.removeEventListener("online", this.wake);
    this.interrupt();
  }

  /** While nobody looks, hold no connection (browsers allow six a host): ask now and then. */
  rest(resting) {
    if (this.resting === resting) return;
    this.resting = resting;
    this.interrupt();
  }

  interrupt() {
    this.interrupted = true;
    this.request?.abort();
    this.waiting?.abort();
  }

  async run(running) {
    while (this.running === running) {
      this.interrupted = false;
      try {
        await this.round();
      } catch (error) {
        if (this.running !== running) return;
        if (this.interrupted) continue;
        if (error.refused) { this.stop(); this.onRefused(error.refused); return; }
        await this.recover(error);
      }
    }
  }

  async round() {
    if (this.resting) {
      await this.poll(0);
      await this.wait(REST_MS);
    } else if (Date.now() < this.pollUntil) {
      await this.poll(this.failures ? 0 : POLL_SECONDS);
    } else {
      await this.listen();
    }
  }

  async wait(ms) {
    if (this.interrupted) return;
    this.waiting = new AbortController();
    await pause(ms, this.waiting.signal);
    this.waiting = null;
  }

  async recover(error) {
    this.failures += 1;
    this.onState("lost");
    if (this.failures >= FAILURES_BEFORE_POLL && navigator.onLine !== false) this.pollUntil = Date.now() + STREAM_AGAIN_MS;
    const backoff = Math.min(30000, 500 * 2 ** Math.min(this.failures, 6));
    await this.wait(error.retryAfter || backoff * (0.5 + Math.random() / 2));
  }

  async ask(url, accept) {
    this.request = new AbortController();
    const headers = { Accept: accept, ...this.headers() };
    if (this.cursor !== null) headers["Last-Event-ID"] = String(this.cursor);
    const response = await fetch(url, { headers, signal: this.request.signal, credentials: this.credentials, cache: "no-store" });
    if (response.status === 410) {
      this.cursor = null;
      await this.onGone();
      return null;
    }
    if ([401, 403, 404].includes(response.status)) throw Object.assign(new Error("refused"), { refused: response.status });
    if (!response.ok) {
      const seconds = Number(response.headers.get("Retry-After"));
      throw Object.assign(new Error(`events: ${response.status}`), { retryAfter: seconds ? seconds * 1000 : 0 });
    }
    return response;
  }

  async listen() {
    const response = await this.ask(this.url, "text/event-stream");
    if (!response) return;
    this.onState("live");
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const feed = sseParser((event) => this.take(event.id, event.kind, event.data));
    for (;;) {
      const watchdog = setTimeout(() => this.request.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog));
      if (done || this.interrupted) break;
      this.failures = 0;
      feed(decoder.decode(value, { stream: true }));
    }
    if (!this.interrupted) throw new Error("the stream ended");
  }

  async poll(seconds) {
    const url = new URL(this.url, location.href);
    url.searchParams.set("wait", seconds);
    if (this.cursor !== null) url.searchParams.set("after", this.cursor);
    const watchdog = setTimeout(() => this.request?.abort(), SILENCE_MS);
    const response = await this.ask(url, "application/json").finally(() => clearTimeout(watchdog));
    if (!response) return;
    const { events, cursor } = await response.json();
    this.failures = 0;
    this.onState("live");
    for (const event of events) this.take(event.id, event.kind, event.data);
    this.cursor = cursor ?? this.cursor;
  }

  take(id, kind, data) {
    const known = id !== null && this.cursor !== null && Number(id) <= Number(this.cursor);
    if (known) return;
    if (id !== null) this.cursor = id;
    if (data === "") return; // only an id: where a resumed stream begins
    this.onEvent({ id, kind, data: typeof data === "string" ? JSON.parse(data) : data });
  }
}
