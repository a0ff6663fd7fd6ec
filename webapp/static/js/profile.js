// One's own settings: the password.

import { api } from "./api.js";
import { toast } from "./parts.js";
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
    problem.textContent = error.code === "WrongLogin" ? t("现在的密码不对。")
      : error.code === "WeakPassword" ? t("新密码太短或太常见，换一个至少 10 个字符的。")
        : error.status ? error.message : t("网络不通，没有成功。请再试一次。");
  }
});
