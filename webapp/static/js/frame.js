// The frame of every staff page: the menu, light and dark, the offline banner, the list of keys.

import { api } from "./api.js";
import { el } from "./dom.js";
import { complain, sheet } from "./parts.js";
import { t } from "./text.js";

const YEAR = 365 * 86400;

const byId = (id) => document.getElementById(id);

function menu() {
  const [button, box] = [byId("me-button"), byId("me-menu")];
  const show = (open) => {
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) box.querySelector("a, button").focus();
  };
  button.addEventListener("click", () => show(box.hidden));
  document.addEventListener("click", (event) => { if (!event.target.closest(".rail-me")) show(false); });
  box.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) { show(false); button.focus(); }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || box.hidden) return;
    event.preventDefault();
    const items = [...box.querySelectorAll("a, button")];
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    items[(at + items.length) % items.length].focus();
  });
  byId("keys-button").addEventListener("click", () => { show(false); showKeys(); });
}

function theme() {
  byId("theme-button").addEventListener("click", () => {
    const root = document.documentElement;
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    document.cookie = `theme=${next}; path=/; max-age=${YEAR}; SameSite=Lax`;
  });
}

function offline() {
  const banner = byId("offline");
  document.body.prepend(banner);
  const follow = () => { banner.hidden = navigator.onLine; };
  window.addEventListener("online", follow);
  window.addEventListener("offline", follow);
  window.addEventListener("jiedai:stream", (event) => { banner.hidden = event.detail === "live" && navigator.onLine; });
  follow();
}

const KEYS = () => [
  ["?", t("看快捷键")], ["j / k", t("下一段 / 上一段对话")], ["r", t("回复")], ["n", t("写备注")],
  ["a", t("接待，或转给同事")], ["e", t("结束会话")], ["t", t("开工单")], ["p", t("把最近的回复提议为知识")], ["Ctrl + Enter", t("发送")], ["Esc", t("离开输入框")],
];

/** The list of keys, in a dialog. */
export function showKeys() {
  if (document.querySelector("dialog.sheet")) return;
  sheet({ title: t("快捷键"), body: () => el("dl", { class: "keys" }, KEYS().map(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)])) });
}

function keys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "?" && !typing && !event.ctrlKey && !event.metaKey) showKeys();
  });
}

byId("sign-out").addEventListener("click", async () => {
  try {
    await api.remove("/session");
    location.assign("/login");
  } catch (error) { complain(error); }
});
// On a phone the tabs are wider than the page: the one that is open must be seen.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
menu();
theme();
offline();
keys();
