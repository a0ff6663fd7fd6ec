"""Write an article as a Markdown file that reads back to the same article."""

from __future__ import annotations

import yaml

from knowledge.article import Article
from knowledge.front_matter import DEFAULT_BRAND, HOME


def format_source(article: Article) -> str:
    """The article as a file that reads back to the same article."""
    head = yaml.dump(
        _entries(article), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000
    )
    return f"---\n{head}---\n\n{article.body.strip(chr(10))}\n"


# The one in C is six times as fast, and thousands of articles are compared by what this writes.
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _entries(article: Article) -> dict[str, object]:
    """The front matter's lines in the order of KEYS; those that say nothing are left out."""
    publish_at = article.publish_at
    tests = [{"question": t.question, "heading": t.heading} for t in article.tests]
    entries: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "brand": None if article.brand_id == DEFAULT_BRAND else article.brand_id,
        "category": "/".join(article.category),
        "product": article.product,
        "versions": list(article.versions),
        "channels": list(article.channels),
        "tags": list(article.tags),
        "questions": list(article.questions),
        "publish_at": publish_at and publish_at.astimezone(HOME).isoformat(" "),
        "valid_until": article.valid_until,
        "tests": tests,
    }
    always = ("id", "title")
    return {key: value for key, value in entries.items() if value or key in always}
