// The calls about one article, its draft and its history.

import { api } from "../api.js";

const of = (id) => `/articles/${encodeURIComponent(id)}`;

export const articles = {
  show: (id) => api.get(of(id)),
  archive: (id, reason) => api.remove(of(id), { reason }),
  restore: (id, body) => api.post(`${of(id)}/restore`, body),
  draft: (id) => api.get(`${of(id)}/draft`),
  begin: (markdown, id) => api.post("/articles/drafts", id ? { markdown, id } : { markdown }),
  save: (id, markdown, version, base) => api.put(`${of(id)}/draft`, base === null ? { markdown, version } : { markdown, version, base_revision: base }),
  step: (id, name, body) => api.post(`${of(id)}/draft/${name}`, body),
  tests: (id) => api.post(`${of(id)}/draft/tests`),
  discard: (id, version) => api.remove(`${of(id)}/draft`, { version }),
  waiting: () => api.get("/articles/drafts"),
  history: (id, cursor) => api.get(`${of(id)}/revisions`, { cursor }),
  revision: (id, number) => api.get(`${of(id)}/revisions/${number}`),
  diff: (id, from, to) => api.get(`${of(id)}/diff`, { from, to }),
  rollBack: (id, number, body) => api.post(`${of(id)}/revisions/${number}/roll-back`, body),
};

/** The draft of an article, null where there is none. */
export async function draftOf(article) {
  if (!article.draft) return null;
  try {
    return await articles.draft(article.id);
  } catch (error) {
    if (error.status === 404) return null; // published or discarded this very moment
    throw error;
  }
}

/** Whether somebody else was faster, so that both texts have to be looked at. */
export const isConflict = (error) => ["DraftMoved", "LiveMoved", "EditConflict"].includes(error.code);
