// The accounts: add a colleague, change role and skills, disable.

import { api } from "./api.js";
import { el } from "./dom.js";
import { page } from "./pagedata.js";
import { complain, empty, field, icon, loadInto, select, sheet, toast } from "./parts.js";
import { passwordField, showOnce } from "./password.js";
import { initial, t } from "./text.js";
import { skillNamed, skillWords } from "./words.js";

const box = document.getElementById("list");
const roles = Object.entries(page.roles);

/** The skills in a field: set apart by commas, since an English name may hold a space. */
const skillsIn = (input) => input.value.split(/[,，、;；\n]+/).map((words) => words.trim()).filter(Boolean).map(skillNamed);

function row(account) {
  const person = el("div", { class: "row-line" }, el("span", { class: "face face-s" }, initial(account.name)), el("div", {}, el("strong", {}, account.name), el("p", { class: "muted small" }, account.email), el("p", { class: "small phone-only" }, page.roles[account.role])));
  const state = account.active ? el("span", { class: "tag tag-green" }, t("在用")) : el("span", { class: "tag" }, t("已停用"));
  return el("tr", {},
    el("td", {}, person), el("td", { class: "hide-phone" }, page.roles[account.role]),
    el("td", { class: "hide-phone" }, (account.skills || []).map((skill) => [el("span", { class: "tag" }, skillWords(skill)), " "])), el("td", {}, state),
    el("td", {}, el("button", { type: "button", class: "button button-s", "aria-label": t("修改 {name}", { name: account.name }), on: { click: () => change(account) } }, icon("edit", "icon-s"), el("span", { class: "hide-phone" }, t("修改")))));
}

const load = () => loadInto(box, () => api.get("/accounts"), ({ items }) => items.length
  ? el("table", { class: "list-table" }, el("thead", {}, el("tr", {}, el("th", {}, t("同事")), el("th", { class: "hide-phone" }, t("角色")), el("th", { class: "hide-phone" }, t("技能组")), el("th", {}, t("状态")), el("th", {}, el("span", { class: "unseen" }, t("操作"))))), el("tbody", {}, items.map(row)))
  : empty("people", t("还没有同事"), t("添加第一位客服，他就能登录接待了。")));

function skillsInput(skills) {
  return el("input", { class: "input", maxLength: 300, value: skills.map(skillWords).join(t("，")), placeholder: t("例如：售后，技术") });
}

function create() {
  const email = el("input", { class: "input", type: "email", required: true, maxLength: 254, autocomplete: "off" });
  const name = el("input", { class: "input", required: true, maxLength: 100, autocomplete: "off" });
  const role = select("role", roles, "agent");
  const skills = skillsInput([]);
  sheet({
    title: t("添加同事"), submit: t("添加"),
    body: () => [field(t("姓名"), name), field(t("邮箱"), email, t("用它登录")), field(t("角色"), role), field(t("技能组（选填）"), skills)],
    onSubmit: async () => {
      const account = await api.post("/accounts", { email: email.value.trim(), name: name.value.trim(), role: role.value, skills: skillsIn(skills) });
      showOnce(t("{name} 可以登录了", { name: account.name }), account.password);
      load();
    },
  });
}

function change(account) {
  const name = el("input", { class: "input", required: true, maxLength: 100, value: account.name });
  const role = select("role", roles, account.role);
  const skills = skillsInput(account.skills || []);
  const me = account.id === page.me.id;
  const password = passwordField(t("新密码（选填）"));
  const toggle = el("button", { type: "button", class: `button${account.active ? " button-danger" : ""}`, disabled: me }, account.active ? t("停用账号") : t("重新启用"));
  const dialog = sheet({
    title: account.name, submit: t("保存"),
    body: () => [field(t("姓名"), name), field(t("角色"), role), field(t("技能组（选填）"), skills), me ? ownPassword() : password.box, el("div", {}, toggle)],
    onSubmit: async () => {
      const wanted = password.input.value;
      await api.put(`/accounts/${account.id}`, { name: name.value.trim(), role: role.value, skills: skillsIn(skills), ...(wanted && { password: wanted }) });
      if (password.isMadeUp()) showOnce(t("{name} 的新密码", { name: account.name }), wanted);
      else toast(wanted ? t("已保存，{name} 要用新密码重新登录", { name: account.name }) : t("已保存"));
      load();
    },
  });
  toggle.addEventListener("click", async () => {
    dialog.close();
    await setActive(account, !account.active);
  });
}

/** One's own is changed with the old one, so that a page left open is not enough. */
const ownPassword = () => el("p", { class: "small" }, el("a", { href: "/settings/profile" }, t("自己的密码到“个人设置”里改")));

async function setActive(account, active) {
  try {
    await api.put(`/accounts/${account.id}`, { active });
    load();
    toast(active ? t("{name} 又可以登录了", { name: account.name }) : t("{name} 已停用，马上退出登录", { name: account.name }), { undo: () => setActive(account, !active) });
  } catch (error) { complain(error); }
}

document.getElementById("create").addEventListener("click", create);
load();
