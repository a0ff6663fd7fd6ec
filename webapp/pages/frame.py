"""What every page's template may use: words, assets, the rail, who is signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from handoff.agent import Role
from webapp.assets import asset_version
from webapp.auth.permissions import may
from webapp.auth.session import current_staff
from webapp.current import services
from webapp.localisation import LOCALES, locale, script_catalogue

bp = Blueprint("pages_frame", __name__)


@dataclass(frozen=True, slots=True)
class RailItem:
    """One place in the rail."""

    label: str
    icon: str
    href: str
    current: bool


def asset(filename: str) -> str:
    """The address of a static file; it changes with the files' content."""
    return url_for("pages_assets.asset", version=asset_version(), filename=filename)


def icon(name: str, extra: str = "") -> Markup:
    """An icon of the sprite."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("icons.svg"), name
    )


def initial(name: str) -> str:
    """What stands in a face for a name: 王 for 小王, A for Anna."""
    chinese = 2 <= len(name) <= 4 and all("\u4e00" <= letter <= "\u9fff" for letter in name)
    return name[-1] if chinese else name[:1].upper()


def role_names() -> dict[str, str]:
    """What each role is called."""
    return {
        Role.ADMIN: gettext("管理员"),
        Role.SUPERVISOR: gettext("主管"),
        Role.AGENT: gettext("客服"),
        Role.EDITOR: gettext("知识编辑"),
        Role.ML: gettext("训练师"),
    }


def home_of(role: Role) -> str:
    """Where somebody of this role starts the day."""
    return url_for(
        "pages_desk.desk" if may(role, "pages_desk.desk") else "pages_knowledge.knowledge"
    )


@bp.app_context_processor
def frame() -> dict[str, object]:
    """The names that templates use."""
    staff = current_staff()
    return {
        "asset": asset,
        "icon": icon,
        "initial": initial,
        "bootstrap_url": url_for("pages_assets.bootstrap"),
        "locale": locale(),
        "other_locale_url": _with_locale(next(name for name in LOCALES if name != locale())),
        "me": staff,
        "home": home_of(staff.role) if staff else url_for("pages_customer.shop"),
        "rail": _rail(staff.role) if staff else [],
        "may": _asks_for(staff.role if staff else None),
        "page_data": _page_data,
    }


def _rail(role: Role) -> list[RailItem]:
    places = (
        (gettext("对话"), "chat", "pages_desk.desk"),
        (gettext("工单"), "ticket", "pages_tickets.tickets"),
        (gettext("知识"), "book", "pages_knowledge.knowledge"),
        (gettext("设置"), "cog", "pages_settings.profile"),
    )
    here = "pages_knowledge" if request.blueprint == "pages_learning" else request.blueprint
    return [
        RailItem(label, icon, url_for(endpoint), endpoint.partition(".")[0] == here)
        for label, icon, endpoint in places
        if may(role, endpoint)
    ]


def _asks_for(role: Role | None) -> Callable[[str], bool]:
    return lambda endpoint: role is not None and may(role, endpoint)


def _with_locale(wanted: str) -> str:
    arguments = {**request.args.to_dict(), **(request.view_args or {}), "locale": wanted}
    if request.endpoint is None or request.routing_exception:
        return "?locale=" + wanted
    return url_for(request.endpoint, **arguments)


def _page_data(extra: Mapping[str, object]) -> Markup:
    staff, bot = current_staff(), services().bot
    data = {
        "locale": locale(),
        "catalogue": script_catalogue(locale()),
        "words": bot.words_in(locale()) if staff and bot else {},
        "icons": asset("icons.svg"),
        "me": {"id": staff.id, "name": staff.name, "role": staff.role} if staff else None,
        "may": {
            "edit": bool(staff and may(staff.role, "api_articles.change_article")),
            "desk": bool(staff and may(staff.role, "pages_desk.desk")),
        },
        **extra,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Inside <script> only these can end or open a tag; as escapes they mean the same in JSON.
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704  # escaped above
