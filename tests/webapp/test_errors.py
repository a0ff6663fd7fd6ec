from collections.abc import Iterator

import pytest

import dialogue.errors
import handoff.errors
import knowledge.errors
import nlu.errors  # noqa: F401
import webapp.db.errors  # noqa: F401
from webapp.errors import BASES, INTERNAL, STATUS, code_of, status_of


def leaves(base: type[Exception]) -> Iterator[type[Exception]]:
    for child in base.__subclasses__():
        yield child
        yield from leaves(child)


@pytest.mark.parametrize("base", BASES)
def test_every_error_has_a_status_or_is_marked_internal(base: type[Exception]) -> None:
    found = [e for e in leaves(base) if e.__module__.partition(".")[0] != "tests"]
    assert found
    missing = [
        e.__qualname__ for e in found if not any(a in STATUS or a in INTERNAL for a in e.__mro__)
    ]
    assert missing == []


def test_no_error_is_both_shown_and_internal() -> None:
    assert set(STATUS) & INTERNAL == set()


def test_a_subclass_has_its_parents_status_and_code() -> None:
    class SpecialClosed(dialogue.errors.ConversationClosed):
        pass

    assert status_of(SpecialClosed) == 409
    assert code_of(SpecialClosed) == "ConversationClosed"


def test_an_internal_error_has_no_status() -> None:
    assert status_of(dialogue.errors.StateMoved) is None
    assert status_of(ValueError) is None


def test_not_found_is_404_and_lost_races_are_409() -> None:
    assert status_of(knowledge.errors.ArticleNotFound) == 404
    assert status_of(handoff.errors.AlreadyClaimed) == 409
