// The icons of the chat, as paths on a 24 px grid: the widget can load no sprite.

import { drawn } from "../dom.js";

const ICONS = {
  send: ["M4.5 12 20 4.5 15 20l-3.5-6.5z", "M11.5 13.5 20 4.5"],
  close: ["M6 6l12 12M18 6 6 18"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20a7.5 7.5 0 0 1 15 0"],
  bot: ["M6 9.5h12a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2z", "M12 9.5V6M9 14v.5M15 14v.5M12 5.2v.1"],
  book: ["M5 5.5A1.5 1.5 0 0 1 6.5 4H19v14H6.5A1.5 1.5 0 0 0 5 19.5z", "M5 19.5A1.5 1.5 0 0 0 6.5 21H19v-3"],
  down: ["M12 5v14M6 13l6 6 6-6"],
  star: ["M12 3.8l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"],
  up: ["M7.5 11 11 4.5a2 2 0 0 1 2 2V10h5a1.8 1.8 0 0 1 1.8 2.1l-1 5.8A2 2 0 0 1 16.8 19.5H7.5z", "M7.5 11H4.5v8.5h3"],
  notUp: ["M16.5 13 13 19.5a2 2 0 0 1-2-2V14H6a1.8 1.8 0 0 1-1.8-2.1l1-5.8A2 2 0 0 1 7.2 4.5h9.3z", "M16.5 13h3V4.5h-3"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  retry: ["M19.5 12a7.5 7.5 0 1 1-2.4-5.5L19.5 9", "M19.5 4.5V9H15"],
};

/** One of them. */
export const icon = (name) => drawn(...ICONS[name]);
