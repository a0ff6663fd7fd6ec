// The workbench: joins list, thread and details, and listens to the keyboard.

import { Actions } from "./actions.js";
import { Details } from "./details.js";
import { List } from "./list.js";
import { proposeLatest } from "./proposing.js";
import { Store } from "./store.js";
import { Thread } from "./thread.js";

const desk = document.getElementById("desk");
const store = new Store();

function open(id) {
  if (!id) return;
  desk.classList.add("show-thread");
  desk.classList.remove("show-details");
  if (location.hash !== `#${id}`) history.replaceState(null, "", `#${id}`);
  store.select(id);
}

function backToList() {
  desk.classList.remove("show-thread", "show-details");
  document.querySelector(`.talk[data-id="${store.selected}"]`)?.focus();
}

const toggleDetails = () => desk.classList.toggle("show-details");

const actions = new Actions(store, { onTaken: () => { list.group = "mine"; list.draw(); thread.composer.start("reply"); } });
const list = new List(store, { onSelect: open });
const thread = new Thread(store, actions, { onBack: backToList, onDetails: toggleDetails });
const details = new Details(store, actions, { onClose: toggleDetails });
details.draw();

const KEYS = {
  j: () => open(list.neighbour(1)),
  k: () => open(list.neighbour(-1)),
  r: () => thread.composer.start("reply"),
  n: () => thread.composer.start("note"),
  a: () => (actions.mine ? actions.assign() : actions.take()),
  e: () => { if (actions.mine) actions.end(); },
  t: () => actions.ticket(),
  p: () => { if (store.open) proposeLatest(store); },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  if (event.key === "Escape") desk.classList.remove("show-details");
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll(".menu-holder .menu")) if (!box.parentElement.contains(event.target)) box.hidden = true;
});
document.addEventListener("visibilitychange", () => { store.markRead(); store.followVisibility(); });

function openWanted() {
  const wanted = location.hash.slice(1);
  if (/^[0-9a-f]{32}$/.test(wanted) && wanted !== store.selected) open(wanted);
}

window.addEventListener("hashchange", openWanted);
store.listen();
store.load().then(openWanted);
