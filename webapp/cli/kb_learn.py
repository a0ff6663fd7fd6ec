"""`jiedai kb health` and `jiedai kb gaps`: what is wrong with knowledge, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from knowledge.errors import BadArticle
from webapp.cli.kb_files import opened_database, read_encoder
from webapp.cli.options import Misuse, data_option, existing, plain_errors
from webapp.learning_records import GapState
from webapp.settings import Settings

if TYPE_CHECKING:
    from webapp.records import JsonObject

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

REMEDIES: Mapping[str, str] = {
    "contradiction": "find out which is right and mend the other",
    "same_question": "keep the similar question where it should be answered",
    "duplicate": "merge them, or use a link",
    "failing_test": "mend the text, add similar questions, or mend the test",
    "disliked": "{unhelpful} of {votes} judgements say that it did not help: rewrite it",
    "expired": "valid until {date}: move the date, or archive it",
    "expires_soon": "valid until {date}, in {days} days: prepare what comes after it",
    "dead_link": "{target} leads nowhere ({reason}): mend the link or take it out",
    "stale": "not changed for {days} days: read it, save it if it is still right",
    "unused": "answered nobody in {days} days: add similar questions, or archive it",
    "orphan_file": "no article shows {file}: delete it",
    "no_tests": "add test questions",
    "too_long": "{characters} characters: divide it by headings",
}
"""What to do about each kind of finding, with the values of its detail."""


@click.command()
@data_option
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, exists=True),
    help="Examine these files instead of a data folder's articles.",
)
@_JSON
def health(data: Path | None, folder: Path | None, as_json: bool) -> None:
    """Find contradictions, duplicates, dead links and what is out of date; exit 1 on a grave one.

    Over a data folder it also knows use, feedback and failing tests, and keeps the report for the
    page.
    """
    with plain_errors():
        findings = _of_folder(folder, data) if folder else _of_installation(existing(data))
    if as_json:
        click.echo(json.dumps(findings, ensure_ascii=False))
    else:
        for finding in findings:
            _show(finding)
        click.echo(f"{len(findings)} findings", err=True)
    if any(finding["severity"] == "high" for finding in findings):
        raise SystemExit(1)


@click.command()
@data_option
@_JSON
@click.option(
    "--state",
    type=click.Choice([state.value for state in GapState]),
    default=GapState.OPEN.value,
    show_default=True,
)
@click.option("--refresh", is_flag=True, help="Take in the latest questions first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
def gaps(data: Path | None, as_json: bool, state: str, refresh: bool, limit: int) -> None:
    """List what customers asked in vain, by meaning; first what costs most hand-offs."""
    from webapp.reports.knowledge_gaps import gap_groups

    now = datetime.now(UTC)
    with plain_errors():
        settings = existing(data)
        with opened_database(settings) as database:
            if refresh:
                from webapp.bootstrap import make_meaning
                from webapp.gap_grouping import refresh_gaps

                meaning = make_meaning(database, read_encoder(settings))
                taken = refresh_gaps(database, meaning, now=now)
                click.echo(f"{taken} new questions", err=True)
            with database.read() as work:
                groups = gap_groups(work, state=GapState(state), now=now, limit=limit)
    if as_json:
        found = [asdict(group) for group in groups]
        click.echo(json.dumps(found, ensure_ascii=False, default=datetime.isoformat))
        return
    for group in groups:
        click.echo(f"{group.size:5}  {group.handed_over:5} to people  {group.name}  [{group.id}]")
    click.echo(f"{len(groups)} groups", err=True)


def _of_folder(folder: Path, data: Path | None) -> list[JsonObject]:
    from knowledge.health_report import examine
    from knowledge.loader import load_articles
    from knowledge.meaning import Meaning
    from knowledge.vectors import MemoryVectors
    from webapp.health_check import as_json

    try:
        articles = load_articles(folder)
    except BadArticle as error:
        raise Misuse(str(error)) from error
    encoder = read_encoder(Settings.from_env(data=data))
    meaning = Meaning(encoder.encode_with_tokens, kept=MemoryVectors())
    return [as_json(f) for f in examine(articles, meaning=meaning, now=datetime.now(UTC))]


def _of_installation(settings: Settings) -> list[JsonObject]:
    from webapp.bootstrap import make_meaning
    from webapp.health_check import refresh_health

    with opened_database(settings) as database:
        meaning = make_meaning(database, read_encoder(settings))
        refresh_health(database, meaning, now=datetime.now(UTC))
        with database.read() as work:
            report, aside = work.health.report(), work.health.dismissed()
    return [f for f in (report.findings if report else ()) if f["key"] not in aside]


def _show(finding: JsonObject) -> None:
    kind, detail = str(finding["kind"]), finding["detail"]
    values = detail if isinstance(detail, dict) else {}
    click.echo(f"{finding['severity']:6} {kind}: {REMEDIES[kind].format(**values)}")
    excerpts = finding["excerpts"]
    for excerpt in excerpts if isinstance(excerpts, list) else []:
        if isinstance(excerpt, dict):
            place = " / ".join(str(excerpt[k]) for k in ("article_id", "heading") if excerpt[k])
            click.echo(f"       {place}: {' '.join(str(excerpt['text']).split())[:90]}")
