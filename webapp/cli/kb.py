"""`jiedai kb`: search and test knowledge; its other commands are in the modules beside this one."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from knowledge.article import Article, Scope
from knowledge.errors import BadArticle
from webapp.cli.kb_convert import convert
from webapp.cli.kb_files import export, import_, opened_database, read_encoder
from webapp.cli.kb_learn import gaps, health
from webapp.cli.kb_life import LIFE
from webapp.cli.kb_terms import terms
from webapp.cli.options import Misuse, data_option, existing, plain_errors
from webapp.settings import Settings

if TYPE_CHECKING:
    from knowledge.evaluate import Case, TestReport
    from knowledge.search import KnowledgeBase

_FROM = click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, exists=True),
    help="Search these files instead of a data folder's articles.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def kb() -> None:
    """Import, search, test and publish knowledge."""


kb.add_command(import_)
kb.add_command(export)
kb.add_command(convert)
kb.add_command(health)
kb.add_command(gaps)
kb.add_command(terms)
for _command in LIFE:
    kb.add_command(_command)


@kb.command()
@click.argument("text")
@data_option
@_FROM
@_JSON
@click.option("--product", help="Only articles of this product, or of none.")
@click.option("--version", help="Only articles of this version, or of none.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
def search(
    text: str,
    data: Path | None,
    folder: Path | None,
    as_json: bool,
    product: str | None,
    version: str | None,
    limit: int,
) -> None:
    """Rank the passages that may answer TEXT, best first, each with its score and why."""
    base, _ = _base(data, folder)
    scope = Scope(product=product, version=version)
    answer = base.search(text, scope=scope, limit=limit, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False))
        return
    for read in answer.read:
        click.echo(f"read {read.said} as {read.term}", err=True)
    for hit in answer.hits:
        click.echo(f"{hit.score:.3f}  {' > '.join(hit.heading_path)}  [{hit.article_id}]")
        click.echo(f"       {' '.join(hit.passage.split())[:90]}")
    if not answer.answerable:
        click.echo(f"No answer is good enough (at least {base.min_score:.3f}).", err=True)


@kb.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True), required=False)
@data_option
@_FROM
@_JSON
@click.option(
    "--at-least",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="The share of the tests that must pass.",
)
def test(
    path: Path | None, data: Path | None, folder: Path | None, as_json: bool, at_least: float
) -> None:
    """Ask every test question of the knowledge; exit 1 on a failure.

    PATH is a YAML file with `tests:` of question, article and heading (null: must abstain), or
    Markdown files whose own tests are asked; without it, the articles' own tests are, and the run
    is kept.
    """
    from knowledge.evaluate import run_cases

    base, articles = _base(data, folder)
    cases = _cases(path, articles)
    if not cases:
        raise Misuse("There are no tests: write `tests:` in the articles' front matter.")
    now = datetime.now(UTC)
    report = run_cases(base, cases, now=now)
    if path is None and folder is None:
        _keep(report, existing(data), now)
    passed = sum(result.passed for result in report.results)
    _print_report(report, passed, as_json)
    if passed < at_least * len(cases):
        raise SystemExit(1)


def _keep(report: TestReport, settings: Settings, now: datetime) -> None:
    """Keep the run among those that the page shows over time."""
    from webapp.knowledge_tests import summary

    run = summary(report, by="jiedai kb test", scope="all", now=now)
    with plain_errors(), opened_database(settings) as database, database.write() as work:
        work.test_runs.add(run)


def _cases(path: Path | None, articles: tuple[Article, ...]) -> tuple[Case, ...]:
    from knowledge.evaluate import cases_of, read_case_file
    from knowledge.loader import load_articles

    try:
        if path is None:
            return cases_of(articles)
        if path.suffix.lower() in {".yml", ".yaml"}:
            return read_case_file(path, articles)
        return cases_of(load_articles(path))
    except BadArticle as error:
        raise Misuse(str(error)) from error


def _print_report(report: TestReport, passed: int, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    for result in report.results:
        if not result.passed:
            wanted = (
                "no answer"
                if result.case.heading is None
                else f"{result.case.article_id} / {result.case.heading}"
            )
            said = f"{result.found} ({result.score:.3f})" if result.found else "nothing"
            abstained = "" if result.answerable else ", not said"
            click.echo(f"{result.case.question}: wanted {wanted}; found {said}{abstained}")
    figures = {
        name: value
        for name in ("recall_at_1", "recall_at_5", "mrr", "answered", "abstained")
        if (value := getattr(report, name)) is not None
    }
    click.echo(", ".join(f"{name} {value:.3f}" for name, value in figures.items()), err=True)
    click.echo(f"{passed} of {len(report.results)} tests passed", err=True)


def _base(data: Path | None, folder: Path | None) -> tuple[KnowledgeBase, tuple[Article, ...]]:
    from knowledge.loader import load_articles
    from knowledge.search import KnowledgeBase
    from webapp.publish import StoredVectors

    if folder is not None:
        with plain_errors():
            settings = Settings.from_env(data=data)
            try:
                articles = load_articles(folder)
            except BadArticle as error:
                raise Misuse(str(error)) from error
            encoder = read_encoder(settings)
        return KnowledgeBase(encoder.encode_with_tokens, articles=articles), articles
    with plain_errors():
        settings = existing(data)
        with opened_database(settings) as database:
            with database.read() as work:
                articles = tuple(work.articles.published())
                kept_terms = work.terms.list()
            encoder = read_encoder(settings)
            kept = StoredVectors(database)
            base = KnowledgeBase(
                encoder.encode_with_tokens,
                encoder=encoder.search_fingerprint,
                kept=kept,
                articles=articles,
                terms=kept_terms,
            )
    return base, articles
