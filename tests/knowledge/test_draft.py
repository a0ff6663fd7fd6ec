"""The states of a draft, and what each step demands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.draft import Draft, DraftState
from knowledge.errors import (
    BadSchedule,
    DraftLocked,
    DraftMoved,
    LiveMoved,
    NotInReview,
    ReasonMissing,
    Theirs,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


def make_draft(**fields: object) -> Draft:
    values: dict[str, object] = {
        "article_id": "returns",
        "markdown": "# 退货\n\n七天。",
        "title": "退货",
        "author": "小李",
        "written_at": NOW,
        "step_by": "小李",
        "step_at": NOW,
    }
    return Draft(**(values | fields))  # type: ignore[arg-type]


def submitted() -> Draft:
    draft = make_draft()
    draft.submit(by="小李", at=NOW)
    return draft


def scheduled() -> Draft:
    draft = submitted()
    draft.schedule(LATER, by="主管", at=NOW)
    return draft


def test_a_draft_is_submitted_rejected_mended_and_submitted_again() -> None:
    draft = make_draft()
    draft.submit(by="小李", at=NOW, reason="请看运费")
    assert (draft.state, draft.reason, draft.version) == (DraftState.REVIEW, "请看运费", 2)

    draft.reject(by="主管", at=LATER, reason=" 运费写错了 ")
    assert (draft.state, draft.reason, draft.step_by) == (DraftState.DRAFT, "运费写错了", "主管")

    draft.write("# 退货\n\n包运费。", title="退货", by="小陈", at=LATER)
    assert (draft.author, draft.written_at, draft.version) == ("小陈", LATER, 4)
    assert draft.reason == "运费写错了", "the reason stays until the draft is submitted again"

    draft.submit(by="小陈", at=LATER)
    assert (draft.state, draft.reason) == (DraftState.REVIEW, None)


def test_who_has_not_seen_the_latest_text_is_told_whose_it_is() -> None:
    draft = make_draft()
    draft.write("# 退货\n\n八天。", title="退货", by="小陈", at=LATER)

    with pytest.raises(DraftMoved, match=r"小陈 .* version 2, you have seen version 1") as caught:
        draft.must_be(1)

    assert caught.value.theirs == Theirs("小陈", LATER, 2, "# 退货\n\n八天。")
    draft.must_be(2)


def test_a_reviewer_who_has_seen_it_before_it_was_withdrawn_is_told_by_whom() -> None:
    draft = submitted()
    draft.withdraw(by="小李", at=LATER)
    with pytest.raises(DraftMoved) as caught:
        draft.must_be(2)
    assert (caught.value.theirs.by, caught.value.theirs.at) == ("小李", LATER)


def test_a_text_that_replaces_one_its_writer_has_not_seen_is_refused_with_that_text() -> None:
    live = Theirs("jiedai kb import", NOW, 5, "# 退货\n\n十五天。")
    with pytest.raises(LiveMoved, match=r"revision 5 .* from revision 3") as caught:
        make_draft(base=3).must_start_from(live)
    assert caught.value.theirs is live
    make_draft(base=5).must_start_from(live)


def test_a_draft_whose_writer_has_seen_the_new_live_text_starts_from_that() -> None:
    live = Theirs("小陈", NOW, 5, "# 退货\n\n十五天。")
    draft = make_draft(base=3)
    with pytest.raises(LiveMoved):
        draft.rebase(4, live)
    draft.rebase(5, live)
    draft.must_start_from(live)


@pytest.mark.parametrize("make", [submitted, scheduled])
def test_a_text_that_waits_is_edited_only_after_it_was_withdrawn(
    make: Callable[[], Draft],
) -> None:
    draft = make()
    with pytest.raises(DraftLocked, match="withdraw it"):
        draft.write("x", title="x", by="小陈", at=LATER)
    with pytest.raises(DraftLocked):
        draft.submit(by="小陈", at=LATER)
    draft.withdraw(by="小李", at=LATER, reason="还要改")
    assert (draft.state, draft.publish_at, draft.reason) == (DraftState.DRAFT, None, "还要改")
    draft.write("x", title="x", by="小陈", at=LATER)
    assert draft.markdown == "x"


def test_what_is_being_written_is_not_decided_about() -> None:
    with pytest.raises(NotInReview):
        make_draft().reject(by="主管", at=NOW, reason="不行")


def test_what_is_scheduled_may_be_decided_about_again() -> None:
    draft = scheduled()
    draft.schedule(LATER + timedelta(days=1), by="主管", at=NOW)
    assert draft.publish_at == LATER + timedelta(days=1)
    draft.reject(by="主管", at=NOW, reason="活动取消了")
    assert (draft.state, draft.publish_at, draft.try_at) == (DraftState.DRAFT, None, None)


def test_a_draft_that_is_being_edited_cannot_be_withdrawn() -> None:
    with pytest.raises(NotInReview):
        make_draft().withdraw(by="小李", at=NOW)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_rejection_without_a_reason_is_refused_and_changes_nothing(reason: str) -> None:
    draft = submitted()
    with pytest.raises(ReasonMissing):
        draft.reject(by="主管", at=LATER, reason=reason)
    assert (draft.state, draft.version) == (DraftState.REVIEW, 2)


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=800)])
def test_a_time_that_is_past_or_years_away_is_refused(moment: datetime) -> None:
    draft = submitted()
    with pytest.raises(BadSchedule):
        draft.schedule(moment, by="主管", at=NOW)
    assert draft.state is DraftState.REVIEW


def test_a_scheduled_text_is_due_at_its_time_and_again_some_time_after_a_failure() -> None:
    draft = scheduled()
    assert not draft.is_due(LATER - timedelta(seconds=1))
    assert draft.is_due(LATER)

    draft.fail("there is no encoder", try_at=LATER + timedelta(minutes=5))

    assert (draft.state, draft.failure, draft.failures) == (
        DraftState.SCHEDULED,
        "there is no encoder",
        1,
    )
    assert draft.publish_at == LATER
    assert not draft.is_due(LATER + timedelta(minutes=4))
    assert draft.is_due(LATER + timedelta(minutes=5))
    draft.withdraw(by="小李", at=LATER)
    assert (draft.failure, draft.failures) == (None, 0)


def test_what_can_never_be_published_goes_back_to_its_writer_with_the_reason() -> None:
    draft = scheduled()
    draft.give_back("the article was changed", by="jiedai", at=LATER)
    assert (draft.state, draft.failure, draft.publish_at) == (
        DraftState.DRAFT,
        "the article was changed",
        LATER,
    )
    assert not draft.is_due(LATER)
    draft.write("# 退货\n\n九天。", title="退货", by="小李", at=LATER)
    assert (draft.failure, draft.publish_at) == (None, None)
