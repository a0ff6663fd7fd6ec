// One's own settings: the password.

import { api } from "./api.js";
import { toast } from "./parts.js";
import { explain } from "./problems.js";
import { t } from "./text.js";

const form = document.getElementById("password");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  const [current, wanted] = [form.current.value, form.wanted.value];
  try {
    await api.put("/me/password", { current, new: wanted });
    form.reset();
    toast(t("密码改好了，其他设备需要重新登录。"));
  } catch (error) {
    problem.hidden = false;
    problem.textContent = explain(error, { WrongLogin: t("现在的密码不对。") });
  }
});
