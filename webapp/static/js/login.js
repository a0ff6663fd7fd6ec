// The sign-in form.

import { api } from "./api.js";
import { page } from "./pagedata.js";
import { t } from "./text.js";

const form = document.getElementById("login");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  problem.hidden = true;
  try {
    await api.post("/session", { email: form.email.value.trim(), password: form.password.value });
    location.assign(page.next || "/login");
  } catch (error) {
    problem.textContent = error.status === 401 ? t("邮箱或密码不对。")
      : error.status === 429 ? t("试错太多次了，请一刻钟后再试。")
        : error.status ? error.message : t("网络不通，没有成功。请再试一次。");
    problem.hidden = false;
    button.disabled = false;
    form.password.focus();
    form.password.select();
  }
});
