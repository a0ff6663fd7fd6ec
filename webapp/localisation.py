"""Languages: Chinese source strings, the English catalogue, and which of them a request gets."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, request
from flask_babel import Babel, Domain, get_locale

LOCALES = ("zh", "en")
"""The source language first; every other one has a folder under `translations/`."""

COOKIE = "locale"
_FOLDER = Path(__file__).parent
_SCRIPTS = _FOLDER / "static" / "js"
_TEMPLATE_STRING = re.compile(r"\b_\(\s*'((?:[^'\\]|\\.)*)'")
_PYTHON_STRING = re.compile(r'\bgettext\("((?:[^"\\]|\\.)*)"')
_SCRIPT_STRING = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_YEAR_SECONDS = 365 * 86400


class _PoDomain(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Reads the .po file itself: what is committed is what is shown, with nothing to compile."""

    def get_translations(self) -> NullTranslations:
        return _translations(locale())


class _Localisation(Babel):  # type: ignore[misc]  # flask-babel has no types
    """Flask-Babel with the domain above."""

    @property
    def domain_instance(self) -> Domain:
        return _DOMAIN


_DOMAIN = _PoDomain()


def install(app: Flask) -> None:
    """Give the application its languages; `?locale=en` is remembered in a cookie."""
    _Localisation().init_app(app, default_locale=LOCALES[0], locale_selector=_chosen)
    app.after_request(_remember)


def locale() -> str:
    """The language of this request, one of LOCALES."""
    return str(get_locale() or LOCALES[0])


def locale_for(wanted: str | None) -> str:
    """The one of LOCALES for a tag such as `en-GB`; Chinese where it is none of ours."""
    short = (wanted or "").replace("_", "-").partition("-")[0].lower()
    return short if short in LOCALES else LOCALES[0]


def catalogue(locale: str) -> dict[str, str]:
    """Chinese source string → its words in `locale`; empty for Chinese itself."""
    if locale == LOCALES[0]:
        return {}
    path = _FOLDER / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=locale)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string and not m.fuzzy}


@cache
def script_catalogue(locale: str) -> dict[str, str]:
    """The part of the catalogue that the browser needs."""
    words = catalogue(locale)
    wanted = {string for path in _SCRIPTS.rglob("*.js") for string in strings_of(path)}
    return {source: words[source] for source in sorted(wanted) if source in words}


def strings_of(script: Path) -> list[str]:
    """The strings that a script passes to `t("…")`, in order of appearance."""
    return [
        match.group(1).replace('\\"', '"')
        for match in _SCRIPT_STRING.finditer(script.read_text(encoding="utf-8"))
    ]


def sources_of(folder: Path) -> dict[str, list[str]]:
    """Every source string under a package's folder, with the files that use it."""
    kinds = (
        ("templates/*.html", _TEMPLATE_STRING),
        ("pages/*.py", _PYTHON_STRING),
        ("static/js/**/*.js", _SCRIPT_STRING),
    )
    found: dict[str, list[str]] = {}
    for pattern, string in kinds:
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder.parent).as_posix()
            for match in string.finditer(path.read_text(encoding="utf-8")):
                files = found.setdefault(match.group(1), [])
                files += [name] if name not in files else []
    return found


@cache
def _translations(locale: str) -> NullTranslations:
    if locale == LOCALES[0]:
        return NullTranslations()
    path = _FOLDER / "translations" / locale / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return Translations(fp=compiled)


def _chosen() -> str:
    for asked in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in LOCALES:
            return asked
    return request.accept_languages.best_match(LOCALES, default=LOCALES[0])


def _remember(response: Response) -> Response:
    asked = request.args.get(COOKIE)
    if asked in LOCALES and not request.path.startswith("/api/"):
        response.set_cookie(COOKIE, asked, max_age=_YEAR_SECONDS, samesite="Lax")
    return response
