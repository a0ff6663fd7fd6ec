"""The editors' pages: the articles, one article, the editor, the import."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from webapp.auth.permissions import may
from webapp.auth.session import required_staff

bp = Blueprint("pages_knowledge", __name__)


@bp.get("/knowledge")
def knowledge() -> str:
    """Every article, and a box that asks the knowledge base a question."""
    return render_template("knowledge.html", script="knowledge.js", can_edit=_can_edit())


@bp.get("/knowledge/new")
def new() -> str:
    """An editor with an empty article."""
    return _editor(None)


@bp.get("/knowledge/import")
def import_page() -> str:
    """Drop a file, see what came of it."""
    return render_template("import.html", script="import.js")


@bp.get("/knowledge/convert")
def convert_page() -> str:
    """Drop Word, PDF, HTML or Excel files, look at what was recognised, take it over."""
    return render_template("convert.html", script="convert.js")


@bp.get("/knowledge/<article_id>")
def article(article_id: str) -> str:
    """One article as readers see it, with its tests and similar questions."""
    return render_template("article.html", script="article.js", extra_data={"article": article_id})


@bp.get("/knowledge/<article_id>/edit")
def edit(article_id: str) -> str:
    """An editor with this article."""
    return _editor(article_id)


def _editor(article_id: str | None) -> str:
    back = url_for(".article", article_id=article_id) if article_id else url_for(".knowledge")
    return render_template(
        "editor.html",
        script="editor.js",
        article_id=article_id,
        back_url=back,
        extra_data={"article": article_id},
    )


def _can_edit() -> bool:
    return may(required_staff().role, "api_articles.change_article")
