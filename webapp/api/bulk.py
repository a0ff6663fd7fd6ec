"""Many articles at once, each by itself: what stands in the way of one stops no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from flask import Blueprint
from pydantic import AfterValidator, Field, model_validator

from knowledge.article import Article, ArticleStatus
from knowledge.draft import Draft
from knowledge.errors import (
    ArticleNotFound,
    BadArticle,
    DraftLocked,
    DraftNotFound,
    KnowledgeError,
    NotPublished,
)
from knowledge.front_matter import category_fault
from knowledge.front_matter_keys import Value, with_keys
from webapp import editing
from webapp.api.checks import is_free_to_publish, must_be_free_to_publish
from webapp.api.fields import Why
from webapp.api.publish_gate import must_pass_tests, with_note
from webapp.api.ready import publisher, releases
from webapp.auth.session import required_staff
from webapp.current import now, services
from webapp.db.errors import StoreError, StoreUnavailable
from webapp.db.types import BIGGEST_ID
from webapp.error_details import details_of
from webapp.errors import WebError, code_of, status_of
from webapp.import_drafts import keep_draft
from webapp.live import take_out
from webapp.operations import Answered, Body, Operations, refuse
from webapp.problem_words import in_chinese
from webapp.publish import is_later
from webapp.shapes.bulk import BulkAction, BulkDoneOut, BulkFailedOut, BulkOut, Outcome

bp = Blueprint("api_bulk", __name__)
route = Operations(bp)

MOST = 50
"""Articles in one call: a page of the library."""


def _place(text: str) -> str:
    names = [name.strip() for name in text.strip().strip("/").split("/")]
    fault = None if names == [""] else category_fault(names)
    if fault:
        raise refuse("category", f"It {fault}")
    return "/".join(names)


Tag = Annotated[str, Field(min_length=1, max_length=100)]


class BulkItem(Body):
    """An article as it was looked at: its live `revision` and its draft's `version`, 0 without."""

    id: str = Field(min_length=1, max_length=120)
    revision: int = Field(ge=0, le=BIGGEST_ID)
    version: int = Field(default=0, ge=0, le=BIGGEST_ID)


class BulkChange(Body):
    """Keys of the front matter; one that is left out stays, an empty one is taken away."""

    category: Annotated[str, Field(max_length=200), AfterValidator(_place)] | None = None
    product: str | None = Field(default=None, max_length=100)
    tags: list[Tag] | None = Field(default=None, max_length=50)
    valid_until: date | None = None

    def values(self) -> dict[str, Value]:
        """The keys that were given."""
        return {key: getattr(self, key) for key in sorted(self.model_fields_set)}


class BulkIn(Body):
    """What to do with which articles; `change` is for the action of this name."""

    action: BulkAction
    items: list[BulkItem] = Field(min_length=1, max_length=MOST)
    change: BulkChange | None = None
    reason: Why | None = None
    override: Why | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> BulkIn:
        if self.action is BulkAction.CHANGE and not (self.change and self.change.values()):
            raise refuse("change", "change: say what to change: category, product, tags …")
        if len({item.id for item in self.items}) < len(self.items):
            raise refuse("items", "items: an article is named twice.")
        return self


@route("POST", "/api/v1/articles/bulk", body=BulkIn, answers={200: BulkOut})
def change_many(body: BulkIn) -> Answered:
    """Archive, submit, publish or change many articles, each by itself"""
    answer = BulkOut()
    for item in body.items:
        try:
            outcome = _STEPS[body.action](item, body)
        except StoreUnavailable:
            raise
        except (KnowledgeError, StoreError, WebError) as error:
            if status_of(type(error)) is None:
                raise
            answer.failed.append(_failed(item, error))
        else:
            answer.done.append(BulkDoneOut(id=item.id, outcome=outcome))
    return answer


def _failed(item: BulkItem, error: Exception) -> BulkFailedOut:
    problems = error.problems if isinstance(error, BadArticle) else ()
    message, words = str(error), " ".join(in_chinese(problem.message) for problem in problems)
    if isinstance(error, DraftNotFound):
        message = "This article has no draft."
    elif isinstance(error, ArticleNotFound):
        message = "There is no such article, or it is not for you."
    return BulkFailedOut(
        id=item.id,
        error=code_of(type(error)),
        message=message,
        message_zh=words or in_chinese(message),
        details=details_of(error),
    )


def _archive(item: BulkItem, body: BulkIn) -> Outcome:
    with services().db.write() as work:
        article = work.articles.lock(item.id)
        if article.revision:
            work.articles.must_have_seen(item.id, item.revision)
        by = required_staff().name
        take_out(work, item.id, by=by, reason=body.reason, now=now())
    return Outcome.ARCHIVED


def _submit(item: BulkItem, body: BulkIn) -> Outcome:
    with services().db.write() as work:
        _must_have(work.drafts.get(item.id), item)
        by = required_staff().name
        editing.submit(
            work, item.id, seen_version=item.version, by=by, reason=body.reason, now=now()
        )
    return Outcome.REVIEW


def _publish(item: BulkItem, body: BulkIn) -> Outcome:
    must_be_free_to_publish()
    with services().db.read() as work:
        draft = work.drafts.get(item.id)
    _must_have(draft, item)
    draft.must_be_open()
    text, moment = releases().draft_text(item.id), now()
    note = must_pass_tests(text, override=body.override)
    releases().publish_draft(
        item.id,
        seen_version=item.version,
        by=required_staff().name,
        reason=with_note(body.reason, note),
        now=moment,
    )
    return Outcome.SCHEDULED if is_later(text, moment) else Outcome.LIVE


def _change(item: BulkItem, body: BulkIn) -> Outcome:
    values = body.change.values() if body.change else {}
    with services().db.write() as work:
        article, draft = work.articles.lock(item.id), work.drafts.find(item.id)
        if draft is not None:
            _must_be_mine(draft, item)
            markdown = with_keys(draft.markdown, values, file=f"{item.id}.md")
            by = required_staff().name
            editing.save_draft(work, item.id, markdown, seen_version=item.version, by=by, now=now())
            return Outcome.DRAFT
        if item.version:
            raise DraftNotFound(item.id)
        _must_be_live(article)
        work.articles.must_have_seen(item.id, item.revision)
        before = work.articles.live_text(article).markdown
    markdown = with_keys(before, values, file=f"{item.id}.md")
    if markdown == before:
        return Outcome.UNCHANGED
    return _release(item, markdown, body.reason, brand_id=article.brand_id)


def _release(item: BulkItem, markdown: str, reason: str | None, *, brand_id: str) -> Outcome:
    """A live text with another front matter: live at once, or before a reviewer. Its words are the
    same, so that no test is asked."""
    text = editing.read_draft(item.id, markdown, zone=services().settings.zone)
    text = replace(text, brand_id=brand_id)
    by = required_staff().name
    if is_free_to_publish():
        publisher().publish(text, by=by, seen_revision=item.revision, markdown=markdown, now=now())
        return Outcome.LIVE
    with services().db.write() as work:
        work.articles.must_have_seen(item.id, item.revision)
        keep_draft(work, text, markdown, failure=None, reason=reason, by=by, now=now())
    return Outcome.REVIEW


def _must_have(draft: Draft, item: BulkItem) -> None:
    if not item.version:
        raise DraftNotFound(item.id)
    draft.must_be(item.version)


def _must_be_mine(draft: Draft, item: BulkItem) -> None:
    if draft.author != required_staff().name:
        raise DraftLocked(f"{draft.author} works on a draft of it: publish or discard that first.")
    _must_have(draft, item)
    draft.must_be_open()


def _must_be_live(article: Article) -> None:
    if article.status is not ArticleStatus.PUBLISHED:
        raise NotPublished("This article is archived: restore it first.")


_STEPS = {
    BulkAction.ARCHIVE: _archive,
    BulkAction.SUBMIT: _submit,
    BulkAction.PUBLISH: _publish,
    BulkAction.CHANGE: _change,
}
