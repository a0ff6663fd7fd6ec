"""The editors' pages: the library, one article, the editor, the review, the history, the import."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, current_app, render_template, url_for

from knowledge.template import TEMPLATES
from webapp.api.checks import is_free_to_publish
from webapp.auth.permissions import may, may_bring_back
from webapp.auth.session import required_staff
from webapp.current import services
from webapp.localisation import locale

bp = Blueprint("pages_knowledge", __name__)


@bp.get("/knowledge")
def knowledge() -> str:
    """Every article by tree, search and filters, and a box that asks the knowledge a question."""
    return _page("knowledge.html", "knowledge.js", can_edit=_may_edit())


@bp.get("/knowledge/new")
def new() -> str:
    """An editor with an empty article."""
    return _editor(None)


@bp.get("/knowledge/import")
def import_page() -> str:
    """Drop a file, see what came of it."""
    return _page("import.html", "import.js")


@bp.get("/knowledge/convert")
def convert_page() -> str:
    """Drop Word, PDF, HTML or Excel files, look at what was recognised, take it over."""
    return _page("convert.html", "convert.js")


@bp.get("/knowledge/review")
def review() -> str:
    """What waits for a reviewer, for its time, or for its writer."""
    return _page("review.html", "review.js")


@bp.get("/knowledge/<article_id>")
def article(article_id: str) -> str:
    """One article as readers see it, with its tests and similar questions."""
    return _page("article.html", "article.js", article=article_id)


@bp.get("/knowledge/<article_id>/edit")
def edit(article_id: str) -> str:
    """An editor with this article."""
    return _editor(article_id)


@bp.get("/knowledge/<article_id>/history")
def history(article_id: str) -> str:
    """Who did what with an article, when and why."""
    return _page("history.html", "history.js", article=article_id)


@bp.get("/knowledge/<article_id>/compare")
def compare(article_id: str) -> str:
    """Two texts of an article side by side; a draft is reviewed here."""
    return _page("compare.html", "compare.js", article=article_id)


def _editor(article_id: str | None) -> str:
    back = url_for(".article", article_id=article_id) if article_id else url_for(".knowledge")
    template = TEMPLATES[locale()]
    return _page(
        "editor.html",
        "editor.js",
        article=article_id,
        back_url=back,
        extra={"template": {"title": template.title, "source": template.source()}},
    )


def _page(
    template: str,
    script: str,
    *,
    article: str | None = None,
    back_url: str | None = None,
    can_edit: bool = False,
    extra: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """A page of this blueprint; its script learns what this person may do with knowledge."""
    role = required_staff().role
    rights = {
        "publish": is_free_to_publish(),
        "bring_back": may_bring_back(role, review_required=services().settings.review_required),
        "review": may(role, "api_drafts.approve_draft"),
        "history": may(role, "api_revisions.list_revisions"),
        "attach": _exists("api_article_files.add_file"),
    }
    return render_template(
        template,
        script=script,
        article_id=article,
        back_url=back_url,
        can_edit=can_edit,
        rights=rights,
        extra_data={"article": article, "rights": rights, **extra},
    )


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _may_edit() -> bool:
    return may(required_staff().role, "api_articles.change_article")
