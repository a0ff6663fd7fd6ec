// The sign-in form.

import { api } from "./api.js";
import { page } from "./pagedata.js";
import { explain } from "./problems.js";
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
    problem.textContent = explain(error, { WrongLogin: t("邮箱或密码不对。"), TooManyAttempts: t("试错太多次了，请一刻钟后再试。") });
    problem.hidden = false;
    button.disabled = false;
    form.password.focus();
    form.password.select();
  }
});
