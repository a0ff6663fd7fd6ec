// Somebody's new password: typed or made up, and shown once to whoever passes it on.

import { el } from "./dom.js";
import { field, icon, sheet, toast } from "./parts.js";
import { t } from "./text.js";

const LEAST = 10;
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789"; // without the pairs that are misread: il1 o0

/** A random password of 79 bits in readable groups, like those that the server makes. */
function generated() {
  const letters = [];
  const fair = 256 - (256 % READABLE.length); // a byte above would make the first letters likelier
  while (letters.length < 16) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < fair) letters.push(READABLE[byte % READABLE.length]);
  }
  return letters.join("").replace(/.{4}(?!$)/g, "$&-");
}

/**
 * A field for an optional new password: `{box, input, isMadeUp()}`, the last telling whether the
 * password is the one that was made up here and nobody knows yet.
 */
export function passwordField(label) {
  let madeUp = null;
  const input = el("input", { class: "input", autocomplete: "new-password", minLength: LEAST, maxLength: 256, spellcheck: false });
  const eye = el("button", { type: "button", class: "button button-icon", "aria-label": t("显示密码"), title: t("显示密码"), on: { click: () => show(input.type === "password") } }, icon("eye"));
  const make = el("button", { type: "button", class: "button", on: { click: () => { madeUp = generated(); input.value = madeUp; show(true); } } }, t("生成一个"));
  const show = (shown) => { input.type = shown ? "text" : "password"; eye.setAttribute("aria-pressed", String(shown)); };
  show(false);
  const box = field(label, input, t("至少 {n} 个字符；留空就不改。改了以后对方要重新登录。", { n: LEAST }), [eye, make]);
  return { box, input, isMadeUp: () => input.value === madeUp };
}

/** Show a password that nobody can look up again. */
export function showOnce(title, password) {
  const code = el("code", { id: "new-password" }, password);
  sheet({
    title,
    body: (close) => [
      el("p", {}, t("密码只显示这一次，请转告本人：")),
      el("pre", { class: "rich" }, code),
      el("div", { class: "row-line" }, el("button", { type: "button", class: "button button-main", on: { click: async () => {
        if (await copied(password)) { toast(t("已复制")); close(); } else { getSelection().selectAllChildren(code); toast(t("浏览器不让复制，已选中，请按 Ctrl + C。")); }
      } } }, t("复制并关闭"))),
    ],
  });
}

/** Put words into the clipboard; false where the browser does not let us, as on plain http. */
async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
