// The customer's side of the API.

/** What the server refused, with its code and words. */
export class Refused extends Error {
  constructor(status, body) {
    super(body?.message || `HTTP ${status}`);
    this.status = status;
    this.code = body?.error || "";
  }
}

/** Calls below `base`; a call that names a conversation carries its token. */
export class Server {
  constructor(base) { this.base = `${base.replace(/\/$/, "")}/api/v1/widget`; }

  config(locale) { return this.call(`/config?locale=${locale}`, { locale }); }

  open(body) { return this.call("/conversations", { method: "POST", body, locale: body.locale }); }

  /** Ask or, with a `body`, tell something about a conversation `{id, token}`. */
  about(talk, path = "", body = undefined) {
    return this.call(`/conversations/${talk.id}${path}`, { method: body === undefined ? "GET" : "POST", body, token: talk.token });
  }

  events(talk) { return `${this.base}/conversations/${talk.id}/events`; }

  async call(path, { method = "GET", body, token, locale }) {
    const headers = { Accept: "application/json" };
    if (locale) headers["Accept-Language"] = locale;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const response = await fetch(this.base + path, { method, headers, credentials: "omit", body: body === undefined ? undefined : JSON.stringify(body) });
    const answer = response.status === 204 ? {} : await response.json().catch(() => null);
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }
}
