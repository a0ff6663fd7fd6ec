// 试问 in the editor: of the text as it stands here, saved or not, or of what customers are answered from.

import { api } from "../api.js";
import { askBox } from "../ask.js";
import { el } from "../dom.js";
import { tabs } from "../parts.js";
import { t } from "../text.js";

/** Wire the box; `source` has the text, `id()` is what its article is called, once it is. */
export function asking(source, id) {
  let which = "draft";

  async function search(question, scope) {
    if (which === "live") return api.get("/articles/search", { q: question, limit: 5, ...scope });
    const within = Object.fromEntries(Object.entries(scope).filter(([, value]) => value));
    try {
      return await api.post("/articles/ask", { q: question, markdown: source.value, id: id(), ...within });
    } catch (error) {
      if (error.code === "BadArticle") error.message = t("这份草稿还有要改的地方，改好标出的行再问。");
      throw error;
    }
  }

  const again = askBox({
    own: (answer) => answer.article_id || id(),
    ownWords: () => (which === "draft" ? t("来自这份草稿") : t("这一篇")),
    search,
  });
  const choice = el("div", { class: "tabs ask-of", role: "group", "aria-label": t("问哪一份") });
  const about = document.getElementById("ask-about");
  document.getElementById("ask").before(choice);

  function choose(wanted) {
    which = wanted;
    tabs(choice, [["draft", t("这份草稿"), null], ["live", t("现在线上的"), null]], which, (chosen) => { choose(chosen); again(); });
    about.textContent = which === "draft"
      ? t("按这份草稿已经发布来问：没保存的改动也算，客户还看不到。") : t("问的是现在发布的内容：还没发布的改动不算在内。");
  }

  choose("draft");
}
