// The widget: one script tag puts a chat bubble on any page and `window.jiedai` beside it.
//
//   <script src="https://kefu.example/widget.js" defer></script>
//   jiedai.open() close() toggle() on(event, fn) off(event, fn) setUser({...}) setLocale("en") reset()
//
// Calls made before the script has loaded are kept when the page sets up the queue itself:
//   window.jiedai = window.jiedai || {q: []};  jiedai.q.push(["setUser", {...}])

import { Chat } from "./chat/chat.js";
import { ChatView } from "./chat/view.js";
import { drawn, el } from "./dom.js";
import { Emitter } from "./emitter.js";
import { t, useLocale } from "./text.js";
import { CATALOGUES, STYLE } from "./embedded.js";

const BUBBLE = ["M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-.9 0-1.8-.1-2.6-.3L5 20l.9-3.6C4.4 15.1 3.5 13.2 3.5 11c0-3.9 3.8-7 8.5-7z", "M8.5 11h.01M12 11h.01M15.5 11h.01"];

class Widget extends Emitter {
  constructor({ base, locale, theme }) {
    super();
    this.chat = new Chat({ base, locale });
    useLocale(locale, CATALOGUES[locale]);
    this.isOpen = false;
    this.host = el("div", { id: "jiedai-widget", "data-bs-theme": theme });
    this.root = this.host.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [styleSheet()];
    this.badge = el("span", { class: "jd-badge", hidden: true });
    this.bubble = el("button", { type: "button", class: "jd-bubble-button", "aria-haspopup": "dialog", "aria-expanded": "false", on: { click: () => this.toggle() } }, drawn(...BUBBLE), this.badge);
    this.window = el("section", { class: "jd-window jd-chat", role: "dialog", hidden: true, on: { keydown: (event) => this.key(event) } });
    this.root.append(this.window, this.bubble);
    this.label();
    for (const name of ["unread", "message", "started", "handoff", "resolved"]) this.chat.on(name, (detail) => this.emit(name, detail));
    this.chat.on("unread", ({ count }) => this.showUnread(count));
    document.body.append(this.host);
    if (this.chat.resumable) (window.requestIdleCallback || setTimeout)(() => this.chat.start().catch(() => {}));
  }

  label() {
    this.bubble.setAttribute("aria-label", this.isOpen ? t("收起客服") : t("联系客服"));
    this.window.setAttribute("aria-label", t("在线客服"));
  }

  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.chat.reading = true;
    this.view ||= new ChatView(this.chat, this.window, { onClose: () => this.close(), onLocale: (locale) => this.setLocale(locale) });
    this.window.hidden = false;
    this.bubble.setAttribute("aria-expanded", "true");
    this.host.classList.add("open");
    this.label();
    this.chat.start().catch(() => {});
    this.chat.markRead();
    this.view.draw();
    this.view.toEnd();
    this.view.focus();
    this.emit("open", {});
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.chat.reading = false;
    this.window.hidden = true;
    this.bubble.setAttribute("aria-expanded", "false");
    this.host.classList.remove("open");
    this.label();
    this.bubble.focus();
    this.emit("close", {});
  }

  toggle() { if (this.isOpen) this.close(); else this.open(); }

  setUser(contact) { this.chat.setUser(contact); if (this.isOpen) this.chat.start().catch(() => {}); }

  setLocale(locale) {
    if (!(locale in CATALOGUES)) throw new RangeError(`jiedai.setLocale: "zh" or "en", not "${locale}"`);
    useLocale(locale, CATALOGUES[locale]);
    this.chat.setLocale(locale);
    this.label();
    this.view?.draw();
  }

  reset() { this.chat.reset(); if (this.isOpen) this.chat.start().catch(() => {}); }

  showUnread(count) {
    this.badge.hidden = !count;
    this.badge.textContent = count > 99 ? "99+" : count;
    this.badge.setAttribute("aria-label", t("{n} 条未读消息", { n: count }));
  }

  key(event) {
    if (event.key === "Escape") { event.stopPropagation(); this.close(); }
    if (event.key !== "Tab") return;
    const stops = [...this.window.querySelectorAll("button:not(:disabled), textarea, input, summary, a[href], [tabindex='0']")].filter((node) => node.getClientRects().length);
    const [first, last] = [stops[0], stops.at(-1)];
    const at = this.root.activeElement;
    if (event.shiftKey && at === first) { event.preventDefault(); last.focus(); }
    if (!event.shiftKey && at === last) { event.preventDefault(); first.focus(); }
  }
}

function styleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  return sheet;
}

const VERBS = ["open", "close", "toggle", "on", "off", "setUser", "setLocale", "reset"];

/** Light or dark: as asked for, else as the page says in Bootstrap's way, else light. */
function themeOf(script) {
  const wanted = script?.dataset.theme || document.documentElement.dataset.bsTheme;
  return wanted === "dark" ? "dark" : "light";
}

function install(script) {
  const base = script?.dataset.base || new URL(".", script?.src || location.href).href;
  const wanted = script?.dataset.locale || document.documentElement.lang || navigator.language || "zh";
  const widget = new Widget({ base, locale: /^en/i.test(wanted) ? "en" : "zh", theme: themeOf(script) });
  const waiting = window.jiedai?.q || [];
  const api = Object.fromEntries(VERBS.map((verb) => [verb, (...args) => widget[verb](...args)]));
  window.jiedai = Object.assign(api, { q: { push: ([verb, ...args]) => api[verb](...args) } });
  for (const [verb, ...args] of waiting) api[verb](...args);
}

if (!document.getElementById("jiedai-widget")) {
  const script = document.currentScript;
  if (document.body) install(script);
  else document.addEventListener("DOMContentLoaded", () => install(script), { once: true });
}
