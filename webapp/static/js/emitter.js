// Who wants to hear of what.

/** Keeps the handlers of named events. */
export class Emitter {
  constructor() { this.handlers = new Map(); }

  /** Call `handler(detail)` at each `event`, until the returned function is called. */
  on(event, handler) {
    if (!this.handlers.has(event)) this.handlers.set(event, new Set());
    this.handlers.get(event).add(handler);
    return () => this.off(event, handler);
  }

  off(event, handler) { this.handlers.get(event)?.delete(handler); }

  /** Tell everybody; a handler that fails is reported and keeps nobody from hearing. */
  emit(event, detail) {
    for (const handler of this.handlers.get(event) || []) {
      try { handler(detail); } catch (error) { reportError(error); }
    }
  }
}
