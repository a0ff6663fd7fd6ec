// The first administrator, with the code that the program printed when it started.

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import "./pagedata.js";
import { explain } from "./problems.js";
import { t } from "./text.js";

const form = document.getElementById("setup");
const problem = document.getElementById("problem");

const WORDS = () => ({
  WrongLogin: t("设置码不对，请看启动程序的那个终端。"),
  AlreadyExists: t("设置已经完成，账号由管理员创建。"),
});

async function signIn(email, password) {
  await api.post("/session", { email, password });
  location.assign("/desk");
}

function showPassword(email, password) {
  const go = el("button", { type: "button", class: "button button-main button-wide", on: { click: () => signIn(email, password) } }, t("记下了，进入工作台"));
  fill(form, el("h1", {}, t("管理员已建立")), el("p", {}, t("密码只显示这一次：")), el("pre", { class: "rich" }, el("code", { id: "new-password" }, password)), go);
  go.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  const [code, name, email, password] = ["code", "name", "email", "password"].map((field) => form.elements[field].value.trim());
  try {
    const account = await api.post("/setup", { code, name, email, ...(password ? { password } : {}) });
    if (account.password) showPassword(email, account.password);
    else await signIn(email, password);
  } catch (error) {
    problem.hidden = false;
    problem.textContent = explain(error, WORDS());
  }
});
