// The hosted chat page: the customer's window over the whole page.

import { Chat } from "./chat/chat.js";
import { ChatView } from "./chat/view.js";
import { useLocale } from "./text.js";

const settings = JSON.parse(document.getElementById("page-data").textContent);

useLocale(settings.locale, settings.catalogue);

const chat = new Chat({ base: location.origin, locale: settings.locale });
chat.reading = true;

const view = new ChatView(chat, document.getElementById("chat"), {
  heading: "h1",
  onLocale: (locale) => {
    const url = new URL(location.href);
    url.searchParams.set("locale", locale);
    location.assign(url);
  },
});
chat.start().then(() => view.toEnd()).catch(() => {});
view.focus();
