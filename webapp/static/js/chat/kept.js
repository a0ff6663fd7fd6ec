// What the browser remembers of a conversation between two visits.

/**
 * Values under one key of the page's storage: `id` and `token` of the conversation, whose it is
 * (`identifier`, null for a guest), the `draft`, the `outbox`, how far was heard and read.
 * Private windows without storage just forget them.
 */
export class Kept {
  constructor(key) { this.key = key; }

  read() { try { return JSON.parse(localStorage.getItem(this.key)) || {}; } catch { return {}; } }

  write(values) { try { localStorage.setItem(this.key, JSON.stringify(values)); } catch { /* no storage: nothing is kept */ } }
}
