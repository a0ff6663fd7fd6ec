"""The pages on which knowledge learns: gaps, terms, health, tests."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("pages_learning", __name__)


@bp.get("/knowledge/gaps")
def gaps() -> str:
    """What customers asked in vain, by meaning."""
    return render_template("knowledge_gaps.html", script="gaps.js")


@bp.get("/knowledge/gaps/<int:gap_id>")
def gap(gap_id: int) -> str:
    """One group of questions, and what to make of it."""
    return render_template("knowledge_gap.html", script="gap.js", extra_data={"gap": gap_id})


@bp.get("/knowledge/terms")
def terms() -> str:
    """What customers call what the articles name."""
    return render_template("knowledge_terms.html", script="terms.js")


@bp.get("/knowledge/health")
def health() -> str:
    """What is wrong with the articles."""
    return render_template("knowledge_health.html", script="health.js")


@bp.get("/knowledge/tests")
def tests() -> str:
    """How the articles' tests went over time."""
    return render_template("knowledge_tests.html", script="knowledgetests.js")
