"""How well an installation's knowledge is found with one encoder or another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from knowledge.article import Article
from knowledge.evaluate import cases_of, run_cases
from knowledge.loader import load_articles
from knowledge.search import KnowledgeBase
from knowledge.terms import Term
from nlu.encoder import Encoder
from webapp.db.database import Database
from webapp.db.errors import StoreError
from webapp.settings import Settings


def knowledge_check(settings: Settings, *, now: datetime) -> Callable[[Encoder], float | None]:
    """A function from an encoder to the share of the knowledge's own tests that pass with it.

    The tests are those of the published articles, or of the pack's when the installation has none
    with tests; the share is None when there are none at all.
    """
    articles, terms = _published(settings)
    if not cases_of(articles):
        folder = settings.pack_folder / "knowledge"
        articles = load_articles(folder) if folder.is_dir() else ()
    cases = cases_of(articles)

    def share(encoder: Encoder) -> float | None:
        if not cases:
            return None
        base = KnowledgeBase(encoder.encode_with_tokens, articles=articles, terms=terms)
        results = run_cases(base, cases, now=now).results
        return sum(result.passed for result in results) / len(results)

    return share


def _published(settings: Settings) -> tuple[Sequence[Article], Sequence[Term]]:
    if not settings.secrets_folder.is_dir():  # no installation, so that there is no database
        return (), ()
    database = Database(settings.database_url)
    try:
        with database.read() as work:
            return tuple(work.articles.published()), work.terms.list()
    except StoreError:
        return (), ()
    finally:
        database.dispose()
