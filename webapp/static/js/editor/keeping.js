// What is typed outlives a closed window, a lost network and an expired session.

import { whenSignedOut } from "../api.js";
import { el, fill } from "../dom.js";
import { icon, toast } from "../parts.js";
import { t } from "../text.js";

/** Save what is left when the window goes, the network comes back or the session ends; what is told stands in `banner`. */
export function keepWhatIsTyped({ keeper, state, banner }) {
  const version = () => state.draft?.version || 0;
  const save = () => keeper.flush().catch(() => {});
  addEventListener("beforeunload", (event) => { if (keeper.dirty && !state.leaving) { keeper.keepHere(version()); event.preventDefault(); } });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden && keeper.dirty && state.id) save(); });
  whenSignedOut(() => {
    keeper.keepHere(version());
    const way = `/login?next=${encodeURIComponent(location.pathname)}`;
    fill(banner, el("p", { class: "problem editor-banner", role: "alert" }, icon("alert", "icon-s"), el("span", {}, t("登录过期了。你写的内容存在这台电脑上，登录后接着写。")), el("a", { class: "button button-s", href: way, on: { click: () => { state.leaving = true; } } }, t("去登录"))));
  });
}

/**
 * Take up what was typed here and not saved, while `stands` is what the server has: `write(text)` puts a
 * text into the editor. Whoever saved meanwhile is not overwritten: `settle(conflict)` shows both.
 */
export function takeUp(stands, { copy, state, isOpen, write, settle }) {
  const kept = copy.read();
  if (!kept || kept.text === stands) { copy.forget(); return; }
  if (state.id && kept.version !== (state.draft?.version || 0) && isOpen) {
    const { draft, article } = state;
    const theirs = draft ? { by: draft.author, at: draft.written_at, number: draft.version, markdown: stands } : { by: article.updated_by, at: article.updated_at, number: article.revision, markdown: stands };
    settle(kept.text, { code: draft ? "DraftMoved" : "LiveMoved", details: theirs });
    return;
  }
  toast(t("接着上次没保存的内容写"), { undo: () => write(stands), seconds: 8 });
  write(kept.text);
}
