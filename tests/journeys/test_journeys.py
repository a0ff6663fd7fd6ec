"""Whole conversations, held with the bot itself and again over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dialogue.journeys import Journey, load_journeys, run_journey
from dialogue.rehearsal import rehearses
from tests.fakes import NOW, PACK
from tests.journeys.demo import Demo
from webapp.journey_client import can_hold, talks_over_http

# The first test waits until the demo is trained and imported: minutes on a busy computer.
pytestmark = pytest.mark.timeout(1800)

PACKS = sorted(folder.parent.name for folder in PACK.parent.glob("*/journeys"))
JOURNEYS = [
    (pack, each) for pack in PACKS for each in load_journeys(PACK.parent / pack / "journeys")
]


def named(value: Journey | str) -> str:
    return value if isinstance(value, str) else f"{value.path.stem}: {value.name}"


def marked(pack: str, *values: Journey) -> object:
    """A case; those of other packs than the demo's wait for `.ci/run`."""
    marks = () if pack == PACK.name else (pytest.mark.packs,)
    return pytest.param(pack, *values, marks=marks, id="-".join(map(named, (pack, *values))))


WITH_THE_BOT = [marked(pack, each) for pack, each in JOURNEYS]
OVER_HTTP = [marked(pack, each) for pack, each in JOURNEYS if can_hold(each, identity_key="known")]


@pytest.mark.parametrize(("pack", "journey"), WITH_THE_BOT)
def test_with_the_bot(pack: str, journey: Journey, demo_of: Callable[[str], Demo]) -> None:
    demo = demo_of(pack)
    failure = run_journey(journey, rehearses(demo.bot, now=NOW))
    assert failure is None, str(failure)


@pytest.mark.parametrize(("pack", "journey"), OVER_HTTP)
def test_over_http(pack: str, journey: Journey, demo_of: Callable[[str], Demo]) -> None:
    demo = demo_of(pack)
    opens = talks_over_http(
        demo.client,
        staff_token=demo.staff_token,
        identity_key=demo.services.secrets.identity_key,
    )
    failure = run_journey(journey, opens)
    assert failure is None, str(failure)


@pytest.mark.parametrize("pack", [marked(pack) for pack in PACKS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plain_question_of_an_intent_is_understood_as_that_intent(
    pack: str, language: str, demo_of: Callable[[str], Demo]
) -> None:
    demo = demo_of(pack)
    questions = demo.bot.pack.wording[language].questions
    understood = {
        intent: demo.bot.understands.understand(question, now=NOW).intent.name
        for intent, question in questions.items()
    }
    wrong = {intent: name for intent, name in understood.items() if name != intent}
    assert len(wrong) <= 2, wrong
