"""Staff's sign-in: sessions on the server, API tokens, brute force slowed, CSRF tokens."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, g, request

from webapp.auth.passwords import check_password, hash_password, verify_password
from webapp.auth.tokens import hash_token, new_token
from webapp.current import address, bearer_token, now, record, services
from webapp.errors import BadCsrfToken, NotSignedIn, TooManyAttempts, WrongLogin
from webapp.records import StaffMember, StaffSession
from webapp.secrets import setup_code

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)

FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_BY_ACCOUNT = 10
FAILURES_BY_ADDRESS = 100

SIGN_IN = "Sign in, or send an API token: Authorization: Bearer TOKEN."

COOKIE = "jiedai_session"
SECURE_COOKIE = "__Host-jiedai_session"


@dataclass(frozen=True, slots=True)
class Caller:
    """The member of staff who asks; `session` is None with an API token."""

    staff: StaffMember
    session: StaffSession | None = None
    session_hash: str | None = None


def current_staff() -> StaffMember | None:
    """Who is signed in, by session or API token; None for everybody else."""
    caller = current_caller()
    return caller.staff if caller else None


def required_staff() -> StaffMember:
    """Who is signed in; raises NotSignedIn."""
    staff = current_staff()
    if staff is None:
        raise NotSignedIn(SIGN_IN)
    return staff


def credential() -> str | None:
    """The hash of what the caller proves with: the API token, or else the session's cookie.

    None when there is neither; a header that holds no token is not made up for by a cookie.
    """
    secret = bearer_token() if request.authorization else _cookie()
    return hash_token(secret) if secret else None


def current_caller() -> Caller | None:
    """The same with the session, looked up once a request."""
    if "caller" not in g:
        hashed = credential()
        if hashed is None:
            g.caller = None
        else:
            g.caller = _by_token(hashed) if request.authorization else _by_session(hashed)
    caller: Caller | None = g.caller
    return caller


def csrf_token() -> str | None:
    """The value that a session's changes must carry; None without a session."""
    caller = current_caller()
    return caller.session.csrf_token if caller and caller.session else None


def must_carry_csrf_token() -> None:
    """Refuse a session's change without its token in X-CSRF-Token or the form's `csrf_token`.

    Raises BadCsrfToken. A call with an API token needs none: browsers do not add that by
    themselves.
    """
    expected = csrf_token()
    if expected is None:
        return
    must_be_same_origin()
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token") or ""
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadCsrfToken("The page is out of date; load it again and repeat.")


def must_be_same_origin() -> None:
    """Refuse a form or script of another site; raises BadCsrfToken."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise BadCsrfToken("This request came from another site.")


def check_login(email: str, password: str) -> StaffMember:
    """The account that the password fits; raises WrongLogin or TooManyAttempts.

    An unknown address, a wrong password and a disabled account take the same time and get the
    same words. A failure is counted before the password is looked at, so that guessing in
    parallel wins nothing.
    """
    account, place = f"account:{email.strip().casefold()[:254]}", f"address:{address()}"
    _count_attempt(account, place)
    with services().db.read() as work:
        staff = work.staff.by_email(email)
    usable = staff is not None and staff.active
    fits = verify_password(staff.password_hash if staff and usable else None, password)
    with services().db.write() as work:
        if staff is None or not fits:
            work.login_failures.add(place, within=FAILURE_WINDOW, now=now())
            record(work, "login.failed", account, actor="anonymous")
        else:
            work.login_failures.clear(account)
    if staff is None or not fits:
        raise WrongLogin("The e-mail address or the password is wrong.")
    return staff


def check_setup_code(code: str) -> None:
    """Accept the one-time code that `jiedai up` printed; raises WrongLogin or TooManyAttempts."""
    account, place = "account:first setup", f"address:{address()}"
    _count_attempt(account, place)
    expected = setup_code(services().settings.secrets_folder)
    if not hmac.compare_digest(code.strip().lower().encode(), expected.encode()):
        raise WrongLogin("This is not the set-up code; `jiedai up` shows it in its terminal.")
    with services().db.write() as work:
        work.login_failures.clear(account)


def sign_in(staff: StaffMember, response: Response) -> str:
    """Start a new session and put its cookie on the response; returns the CSRF token.

    The session that the browser had before ends.
    """
    token, csrf = new_token(), new_token()
    with services().db.write() as work:
        old = _cookie()
        if old:
            work.sessions.end(hash_token(old))
        work.sessions.add(
            hash_token(token),
            staff_id=staff.id,
            csrf_token=csrf,
            expires_at=now() + IDLE,
            now=now(),
        )
        record(work, "session.started", f"staff:{staff.id}", actor=staff.email, staff_id=staff.id)
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        secure=_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    g.pop("caller", None)
    return csrf


def sign_out(response: Response) -> None:
    """End this browser's session on the server and take its cookie away."""
    caller = current_caller()
    if caller and caller.session_hash:
        with services().db.write() as work:
            work.sessions.end(caller.session_hash)
    for name, secure in ((COOKIE, False), (SECURE_COOKIE, True)):
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
    g.pop("caller", None)


def change_password(staff: StaffMember, *, current: str, new: str) -> None:
    """Change one's own password and sign out everywhere else.

    Raises WrongLogin (the current one is wrong), TooManyAttempts, WeakPassword.
    """
    check_login(staff.email, current)
    check_password(new, email=staff.email)
    caller, password_hash = current_caller(), hash_password(new)
    with services().db.write() as work:
        work.staff.change(staff.id, password_hash=password_hash, now=now())
        work.sessions.end_all(staff.id, but=caller.session_hash if caller else None)
        record(work, "password.changed", f"staff:{staff.id}", actor=staff.email, staff_id=staff.id)


def _count_attempt(account: str, place: str) -> None:
    with services().db.write() as work:
        # the count first and the look after it: whoever comes at once has waited for this row
        by_account = work.login_failures.add(account, within=FAILURE_WINDOW, now=now())
        by_address = work.login_failures.count(place, within=FAILURE_WINDOW, now=now())
        if by_account > FAILURES_BY_ACCOUNT or by_address >= FAILURES_BY_ADDRESS:
            raise TooManyAttempts(  # which takes this count back
                "Too many failed attempts; try again in a quarter of an hour.",
                retry_after=int(FAILURE_WINDOW.total_seconds()),
            )


def _by_token(token_hash: str) -> Caller | None:
    with services().db.read() as work:
        staff = work.tokens.owner(token_hash)
    return Caller(staff) if staff else None


def _by_session(token_hash: str) -> Caller | None:
    moment = now()
    with services().db.read() as work:
        session = work.sessions.find(token_hash, now=moment)
    if session is None:
        return None
    if moment - session.seen_at >= TOUCH_EVERY:
        expires_at = min(moment + IDLE, session.created_at + ABSOLUTE)
        with services().db.write() as work:
            work.sessions.touch(token_hash, expires_at=expires_at, now=moment)
    return Caller(session.staff, session, token_hash)


def _cookie() -> str | None:
    return request.cookies.get(_cookie_name())


def _cookie_name() -> str:
    """Over HTTPS only the name that no other host and no plain connection can set."""
    return SECURE_COOKIE if _secure() else COOKIE


def _secure() -> bool:
    return request.is_secure or services().settings.secure_cookies
