// What the server tells this page: locale, words, who is here, what they may do.

import { useLocale } from "./text.js";

export const page = JSON.parse(document.getElementById("page-data").textContent);

useLocale(page.locale, page.catalogue);
