"""`jiedai kb list`, `show`, `history`, `diff`, `publish`, `rollback`, `restore` and `archive`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from knowledge.article import Article, ArticleStatus
from knowledge.compare import RowKind
from knowledge.errors import (
    ArticleNotFound,
    BadArticle,
    BadSchedule,
    DraftNotFound,
    NotArchived,
    RevisionNotFound,
)
from webapp.cli.kb_files import OVERRIDE, opened_database
from webapp.cli.kb_gate import BY, opened_releases
from webapp.cli.options import Misuse, data_option, existing, plain_errors, say

if TYPE_CHECKING:
    from webapp.db.database import Database
    from webapp.settings import Settings
    from webapp.shapes.drafts import DiffOut, RowOut, SpanOut

_ID = click.argument("article_id", metavar="ID")
_REASON = click.option("--reason", help="Why; it is kept in the history.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_SIGNS = {RowKind.EQUAL: " ", RowKind.ADDED: "+", RowKind.REMOVED: "-"}


@click.command("list")
@data_option
@click.option(
    "--status",
    type=click.Choice([status.value for status in ArticleStatus]),
    help="Only these; archived articles are listed only when asked for.",
)
@_JSON
def list_(data: Path | None, status: str | None, as_json: bool) -> None:
    """List the articles by title, each with its status and its draft."""
    from webapp.wire_articles import article_out

    with _database(data) as (settings, database), database.read() as work:
        wanted = ArticleStatus(status) if status else None
        articles = work.articles.list(status=wanted)
        drafts = work.drafts.of(article.id for article in articles)
        today = datetime.now(ZoneInfo(settings.timezone)).date()
        shown = [article_out(a, today=today, draft=drafts.get(a.id)) for a in articles]
    if as_json:
        _print_json([item.model_dump(mode="json") for item in shown])
        return
    for item in shown:
        state = "expired" if item.expired else item.status.value
        draft = f"  (draft: {item.draft.state.value}, {item.draft.author})" if item.draft else ""
        click.echo(f"{item.id}  {state}  r{item.revision}  {item.title}{draft}")


@click.command()
@_ID
@click.option("--draft", "name", flag_value="draft", help="The draft instead of the live text.")
@click.option("--revision", type=click.IntRange(1), help="The text of this revision instead.")
@data_option
@_JSON
def show(
    article_id: str, name: str | None, revision: int | None, data: Path | None, as_json: bool
) -> None:
    """Print the Markdown of an article: its live text, its draft or an earlier revision."""
    from webapp.wire_articles import text_of

    if name and revision:
        raise Misuse("--draft and --revision are two different texts; name one.")
    with _database(data) as (_, database), database.read() as work:
        text = text_of(work, article_id, str(revision) if revision else name or "live")
    if as_json:
        shown = text.side.model_dump(mode="json") | {"markdown": text.markdown}
        _print_json({"id": article_id} | shown)
    else:
        click.echo(text.markdown, nl=not text.markdown.endswith("\n"))


@click.command()
@_ID
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@data_option
@_JSON
def history(article_id: str, limit: int, data: Path | None, as_json: bool) -> None:
    """What was done with an article: by whom, when and why, the newest first."""
    from webapp.wire_articles import revision_out

    with _database(data) as (settings, database), database.read() as work:
        article = work.articles.get(article_id)
        steps = work.revisions.page(article_id, limit=limit).items
        shown = [revision_out(step, article) for step in steps]
    if as_json:
        _print_json([item.model_dump(mode="json") for item in shown])
        return
    zone = ZoneInfo(settings.timezone)
    for item in shown:
        at = f"{item.at.astimezone(zone):%Y-%m-%d %H:%M}" if item.at else "?"
        restores = f" of {item.restores}" if item.restores else ""
        live = "  live" if item.live else ""
        why = f"  {item.reason}" if item.reason else ""
        click.echo(f"{item.number}  {at}  {item.state.value}{restores}  {item.by}{live}{why}")


@click.command()
@_ID
@click.argument("old", default="live")
@click.argument("new", default="draft")
@data_option
@_JSON
def diff(article_id: str, old: str, new: str, data: Path | None, as_json: bool) -> None:
    """What changed from OLD to NEW: each the number of a revision, `live` or `draft`."""
    from webapp.wire_articles import diff_out, text_of

    for name in (old, new):
        if name not in {"live", "draft"} and not (name.isdecimal() and len(name) < 10):
            raise Misuse(f"{name!r} is no text: write the number of a revision, live or draft.")
    with _database(data) as (_, database), database.read() as work:
        compared = diff_out(text_of(work, article_id, old), text_of(work, article_id, new))
    if as_json:
        _print_json(compared.model_dump(mode="json"))
    else:
        _print_diff(compared)


@click.command()
@_ID
@click.option("--at", "moment", help="Not now but then: 2026-12-01 09:00, in the timezone setting.")
@_REASON
@OVERRIDE
@data_option
@_JSON
def publish(
    article_id: str,
    moment: str | None,
    reason: str | None,
    override: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Publish the draft of an article as it stands, reviewed or not."""
    from knowledge.draft import DraftState

    with _database(data) as (settings, database):
        publish_at = _moment(moment, settings) if moment else None
        releases, gate = opened_releases(database, settings)
        with database.read() as work:
            work.articles.get(article_id)
            draft = work.drafts.get(article_id)
        reason = gate(releases.draft_text(article_id), reason, override)
        article = releases.publish_draft(
            article_id,
            seen_version=draft.version,
            by=BY,
            reviewing=draft.state is not DraftState.DRAFT,
            publish_at=publish_at,
            reason=reason,
            now=datetime.now(UTC),
        )
        with database.read() as work:
            waits = work.drafts.find(article_id)
    _print_done(article, as_json, "is scheduled" if waits else "is live")


@click.command()
@_ID
@click.argument("number", type=click.IntRange(1))
@_REASON
@OVERRIDE
@data_option
@_JSON
def rollback(
    article_id: str,
    number: int,
    reason: str | None,
    override: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Make the text of revision NUMBER live again, as a new revision."""
    with _database(data) as (settings, database):
        releases, gate = opened_releases(database, settings)
        reason = gate(releases.earlier_text(article_id, number), reason, override)
        article = releases.roll_back(
            article_id, number, by=BY, reason=reason, now=datetime.now(UTC)
        )
    _print_done(article, as_json, f"is live with the text of revision {number}")


@click.command()
@_ID
@_REASON
@OVERRIDE
@data_option
@_JSON
def restore(
    article_id: str, reason: str | None, override: str | None, data: Path | None, as_json: bool
) -> None:
    """Answer customers from an archived article again."""
    with _database(data) as (settings, database):
        releases, gate = opened_releases(database, settings)
        reason = gate(releases.earlier_text(article_id), reason, override)
        article = releases.restore(article_id, by=BY, reason=reason, now=datetime.now(UTC))
    _print_done(article, as_json, "is live again")


@click.command()
@_ID
@_REASON
@data_option
@_JSON
def archive(article_id: str, reason: str | None, data: Path | None, as_json: bool) -> None:
    """Take an article out of service; it is kept."""
    from webapp.live import take_out

    with _database(data) as (_, database), database.write() as work:
        article = take_out(work, article_id, by=BY, reason=reason, now=datetime.now(UTC))
    _print_done(article, as_json, "is archived")


LIFE = (list_, show, history, diff, publish, rollback, restore, archive)
"""The commands of `jiedai kb` that are about the life of an article."""


@contextmanager
def _database(data: Path | None) -> Iterator[tuple[Settings, Database]]:
    """The installation and its database; what is not there, or is not fit, is bad input."""
    with plain_errors():
        settings = existing(data)
        with opened_database(settings) as database:
            try:
                yield settings, database
            except ArticleNotFound as error:
                raise Misuse(f"There is no article {error}; see `jiedai kb list`.") from error
            except DraftNotFound as error:
                raise Misuse(f"{error} has no draft; see `jiedai kb list`.") from error
            except (BadArticle, BadSchedule, NotArchived, RevisionNotFound) as error:
                raise Misuse(str(error)) from error


def _moment(text: str, settings: Settings) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Misuse(f"--at {text!r} is no time; write it as 2026-12-01 09:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.timezone))


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def _print_done(article: Article, as_json: bool, words: str) -> None:
    if as_json:
        _print_json(
            {"id": article.id, "status": article.status.value, "revision": article.revision}
        )
    say(f"{article.id} {words} (revision {article.revision}).")


def _print_diff(compared: DiffOut) -> None:
    for row in compared.rows:
        if row.kind is RowKind.CHANGED:
            click.echo(f"- {_marked(row.old)}")
            click.echo(f"+ {_marked(row.new)}")
        else:
            click.echo(f"{_SIGNS[row.kind]} {_line(row)}")


def _line(row: RowOut) -> str:
    return "".join(span.text for span in (row.new or row.old))


def _marked(spans: list[SpanOut]) -> str:
    """The line with its changed pieces in brackets, as there may be no colours."""
    return "".join(f"[{span.text}]" if span.changed else span.text for span in spans)
