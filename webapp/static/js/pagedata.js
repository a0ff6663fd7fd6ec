// What the server tells this page: locale, words, who is here, what they may do.

import { useLocale } from "./text.js";
import { usePack } from "./words.js";

export const page = JSON.parse(document.getElementById("page-data").textContent);

useLocale(page.locale, page.catalogue);
usePack(page.words);
