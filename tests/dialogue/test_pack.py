"""The shipped wording, flows and conduct, and what is refused when they are spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dialogue.errors import BadFlow
from dialogue.flows import Collect
from dialogue.pack import load_pack
from tests.fakes import PACK

COMMON = "../common"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name in ("common", "ecommerce"):
        for part in ("wording", "flows", "conduct.yml"):
            source, target = PACK.parent / name / part, tmp_path / name / part
            if source.is_dir():
                shutil.copytree(source, target)
            elif source.exists():
                shutil.copy(source, target)
    return tmp_path / "ecommerce"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_pack_speaks_both_languages_completely() -> None:
    wording = load_pack(PACK).wording
    assert set(wording) == {"zh", "en"}
    assert set(wording["zh"].messages) == set(wording["en"].messages)
    assert len(wording["zh"].hot_questions) == len(wording["en"].hot_questions)


def test_every_intent_of_the_training_data_has_a_title() -> None:
    titles = load_pack(PACK).wording["zh"].intents
    trained = {
        line.removeprefix("- intent:").strip()
        for pack in ("ecommerce", "common")
        for path in (PACK.parent / pack / "nlu").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("- intent:")
    }
    assert trained - set(titles) <= {"out_of_scope"}


def test_conduct_and_flows_name_only_intents_that_exist() -> None:
    pack = load_pack(PACK)
    named = {
        *pack.conduct.skills,
        *pack.conduct.small_talk,
        *pack.conduct.complaints,
        *pack.wording["zh"].questions,
        *(i for flow in pack.flows for i in (*flow.starts_on, *flow.starts_unless_general)),
        *(i for f in pack.flows for s in f.steps if isinstance(s, Collect) for i in s.meant),
    }
    assert named <= set(pack.wording["zh"].intents)


def test_a_message_takes_turns_among_its_variants() -> None:
    words = load_pack(PACK).wording["zh"]
    assert words.say("rephrase", turn=0) != words.say("rephrase", turn=1)
    assert words.say("rephrase", turn=0) == words.say("rephrase", turn=2)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            f"{COMMON}/wording/zh.yml",
            "  abandoned:",
            "  abandonned:",
            "message “abandoned” is missing",
        ),
        ("wording/zh.yml", "{order_id}：", "{order}：", r"zh\.yml:\d+: “order_card” uses {order}"),
        ("wording/zh.yml", "查到了，订单 {order_id}：", "查到了 {：", "order_card"),
        ("wording/zh.yml", "  shipped: 已发货\n", "", "“statuses” lacks “shipped”"),
        ("wording/en.yml", "  retry_order_id:", "  retried:", "“messages” lacks"),
        (
            f"{COMMON}/wording/en.yml",
            "  greet: Greeting\n",
            "",
            "“intents” lacks greet, which zh.yml has",
        ),
        (f"{COMMON}/wording/en.yml", "{text}", "{words}", "allowed here: text"),
        (
            f"{COMMON}/wording/en.yml",
            "You're welcome!",
            "You're welcome, {name}!",
            "“thank” uses {name}",
        ),
        ("flows/track_order.yml", "finish: show_order", "finish: dance", "“dance” is not known"),
        ("flows/track_order.yml", "- finish: show_order", "- prove: order_id", "is missing"),
        ("flows/track_order.yml", "- collect: order_id", "- collect: other", "needs a “collect”"),
        ("flows/return_item.yml", "  - prove: order_id", "  - confirm: confirm_return", "unknown"),
        ("flows/track_order.yml", "  - finish: show_order", "", "last step must be “finish”"),
        (
            "flows/track_order.yml",
            "ask: ask_order_id",
            "ask: nothing",
            "“nothing” is in no wording",
        ),
        ("flows/track_order.yml", "- finish: ", "- end: ", "a step is one of: collect"),
        ("flows/track_order.yml", "    entity: order_id\n", "", "nothing can fill this slot"),
        ("flows/track_order.yml", "starts_on: [", "starts_unless_general: [", "twice"),
        ("flows/return_item.yml", "starts_on: [apply_return]", "", "“starts_on” is missing"),
        ("flows/return_item.yml", "[apply_return]", "[urge_shipping]", "urge_shipping starts both"),
        ("flows/return_item.yml", "check: returnable", "check: luck", "“luck” is not known"),
        ("flows/return_item.yml", "wrong_size:", "magic:", "choice “magic” has no wording"),
        ("flows/return_item.yml", "'尺码'", "'尺码('", "not a valid pattern"),
        (
            "flows/return_item.yml",
            "      quality: [complain",
            "      odd: [complain",
            "“odd” is none",
        ),
        (f"{COMMON}/conduct.yml", "greet: greet", "greet: hullo", "“hullo” is in no wording"),
        (f"{COMMON}/conduct.yml", "  abandon:", "  abandoning:", "unknown key “abandoning”"),
        ("conduct.yml", "  order:\n    - '订单", "  decline2:\n    - '订单", "unknown key"),
    ],
)
def test_a_spoilt_pack_is_refused_with_file_line_and_remedy(
    pack: Path, file: str, old: str, new: str, problem: str
) -> None:
    spoil(pack / file, old, new)
    with pytest.raises(BadFlow, match=problem) as caught:
        load_pack(pack)
    assert ".yml:" in str(caught.value) or "flows:1:" in str(caught.value)


def test_a_missing_cue_is_refused(pack: Path) -> None:
    lines = (pack / "conduct.yml").read_text(encoding="utf-8").splitlines()
    start = lines.index("  proof:")
    (pack / "conduct.yml").write_text("\n".join(lines[:start] + lines[start + 3 :]))
    with pytest.raises(BadFlow, match="“proof” is missing"):
        load_pack(pack)


def test_a_pack_without_any_wording_is_refused(pack: Path) -> None:
    for folder in (pack, pack.parent / "common"):
        shutil.rmtree(folder / "wording")
    with pytest.raises(BadFlow, match="no wording"):
        load_pack(pack)


def test_an_order_is_never_shown_without_proof(pack: Path) -> None:
    path = pack / "flows" / "track_order.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - prove:"), text.index("  - finish:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(BadFlow, match="“prove” must stand before"):
        load_pack(pack)
