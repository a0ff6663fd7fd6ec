// Calls the staff API: session cookie, CSRF header, one shape of error.

const csrf = document.querySelector("meta[name='csrf-token']")?.content || "";

/** What the server refused: `code` is stable, `message` says what to do. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body?.message || `HTTP ${status}`);
    this.status = status;
    this.code = body?.error || "";
    this.details = body?.details ?? null;
  }
}

const signedOut = { act: () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`) };

/** What happens when the session has ended; without it, the sign-in page comes at once. */
export function whenSignedOut(act) {
  signedOut.act = act;
}

async function call(method, path, { body, form } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`/api/v1${path}`, { method, headers, body: form || (body === undefined ? undefined : JSON.stringify(body)) });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.status === 401 && !/^\/(login|setup)/.test(location.pathname)) signedOut.act();
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

function asked(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}

export const api = {
  get: (path, query = {}) => call("GET", asked(path, query)),
  post: (path, body = {}) => call("POST", path, { body }),
  put: (path, body = {}) => call("PUT", path, { body }),
  remove: (path, query = {}) => call("DELETE", asked(path, query)),
  upload: (path, form) => call("POST", path, { form }),
};
