"""What packs share and how one overrides it; tasks that need no business system; urgent matters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dialogue.errors import BadFlow
from dialogue.flows import Collect
from dialogue.pack import load_pack
from handoff.reason import Reason
from nlu.understanding import Mood
from tests.dialogue.talks import reason_of
from tests.fakes import PACK, Talk, buttons_of, hit, make_bot, rule_of

PACKS = PACK.parent
Script = Mapping[str, str | Mapping[str, float]]
SHIPPED = ("ecommerce", "education", "finance", "saas")


def talk_of(pack: str | Path, script: Script | None = None) -> Talk:
    folder = PACKS / pack if isinstance(pack, str) else pack
    answers = {"学费多少钱": hit("学费", "每课时 120 元。")}
    moods = {"卡被偷了，气死我了": Mood.ANGRY}
    bot = make_bot(script, answers=answers, moods=moods)
    return Talk(replace(bot, pack=load_pack(folder)))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack that says nothing of its own, beside what is common."""
    common = tmp_path / "common"
    shutil.copytree(PACKS / "common" / "wording", common / "wording")
    shutil.copy(PACKS / "common" / "conduct.yml", common)
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("pack", SHIPPED)
def test_every_intent_of_a_shipped_pack_has_a_title(pack: str) -> None:
    titles = load_pack(PACKS / pack).wording["zh"].intents
    trained = {
        line.removeprefix("- intent:").strip()
        for part in (pack, "common")
        for path in (PACKS / part / "nlu").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("- intent:")
    }
    assert trained - {"out_of_scope"} == set(titles)


@pytest.mark.parametrize("pack", SHIPPED)
def test_a_shipped_pack_names_only_intents_and_slots_that_exist(pack: str) -> None:
    loaded = load_pack(PACKS / pack)
    conduct, words = loaded.conduct, loaded.wording["zh"]
    named = {
        *conduct.skills, *conduct.small_talk, *conduct.complaints, *conduct.urgent,
        *conduct.needs_person, *words.questions,
        *(i for flow in loaded.flows for i in (*flow.starts_on, *flow.starts_unless_general)),
    }  # fmt: skip
    slots = {s.slot for flow in loaded.flows for s in flow.steps if isinstance(s, Collect)}
    assert named <= set(words.intents)
    assert slots <= set(words.slots)
    assert set(loaded.wording) == {"zh", "en"}


def test_a_pack_without_anything_of_its_own_speaks_as_all_do(own: Path) -> None:
    talk = talk_of(own)
    assert talk.says("你好") == "在呢，您说，我来帮您看看。"
    assert reason_of(talk.say("转人工")) is Reason.ASKED_FOR_HUMAN


def test_a_pack_overrides_and_adds_name_by_name(own: Path) -> None:
    write(own / "wording" / "zh.yml", "language: zh\nmessages:\n  thank: 客气啦\n  new: 新的")
    write(own / "conduct.yml", "complaints: {complain_quality: new}")
    pack = load_pack(own)
    assert pack.wording["zh"].say("thank") == "客气啦"
    assert pack.wording["zh"].say("abandoned").startswith("好的，那就先不办了")
    assert set(pack.conduct.complaints) == {"complain_service", "complain_quality"}


def test_a_pack_with_chinese_wording_only_speaks_chinese_only(own: Path) -> None:
    write(own / "wording" / "zh.yml", "language: zh\nbot_name: 阿宝")
    assert set(load_pack(own).wording) == {"zh"}


def test_null_takes_away_what_packs_share(own: Path) -> None:
    write(own / "conduct.yml", "small_talk: {ask_bot_identity: ~}\ncomplaints:")
    conduct = load_pack(own).conduct
    assert "ask_bot_identity" not in conduct.small_talk
    assert "complain_service" in conduct.complaints


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("conduct.yml", "skills: {x: ~}", r"own/conduct\.yml:1: there is no “x” to take away"),
        ("conduct.yml", "urgent: {x: nothing}", r"own/conduct\.yml:1: message “nothing” is in no"),
        ("conduct.yml", "cues: {accept: ['(']}", r"own/conduct\.yml:1: .* not a valid pattern"),
        ("conduct.yml", "- a", r"own/conduct\.yml:1: the file must be a mapping"),
        ("wording/zh.yml", "language: zh\nmessages: {greet: ''}", r"own/wording/zh\.yml:2: “gr"),
        ("wording/zh.yml", "language: zh\nmessages: {greet: x, greet: y}", "stands here twice"),
        ("wording/zh.yml", "language: zh\nreasons: {error: ~}", "“reasons” lacks “error”"),
    ],
)  # fmt: skip
def test_what_a_pack_says_wrongly_is_named_with_its_own_file(
    own: Path, file: str, text: str, problem: str
) -> None:
    write(own / file, text)
    with pytest.raises(BadFlow, match=problem):
        load_pack(own)


def test_tasks_about_orders_need_the_words_for_orders(own: Path) -> None:
    shutil.copytree(PACK / "flows", own / "flows")
    words = "language: zh\nmessages:\n" + "".join(
        f"  {key}: x\n"
        for key in (
            "ask_return_order_id", "remind_return_order_id", "ask_order_id", "remind_order_id",
            "retry_order_id", "ask_phone_tail", "remind_phone_tail", "retry_phone_tail",
            "ask_return_reason", "remind_return_reason", "retry_return_reason", "confirm_return",
            "remind_confirm_return", "retry_confirm_return", "return_declined",
        )
    )  # fmt: skip
    choices = "choices: {wrong_size: a, quality: b, not_as_described: c, changed_mind: d}"
    write(own / "wording" / "zh.yml", words + choices)
    with pytest.raises(BadFlow, match="“already_proved” is missing; tasks about orders say it"):
        load_pack(own)


TICKET = """flow: ask_back
starts_on: [ask_price]
steps:
  - {collect: who, free_text: true, ask: ask_who, remind: ask_who, retry: ask_who}
  - {finish: open_ticket, kind: call, title: title, body: title, say: done}
"""
WORDS = """language: zh
messages: {ask_who: 您贵姓？, title: '回电 {who}', done: '好的，{who}'}
slots: {who: 姓名}
"""


def test_a_ticket_holds_what_was_collected(own: Path) -> None:
    write(own / "flows" / "back.yml", TICKET)
    write(own / "wording" / "zh.yml", WORDS)
    talk = talk_of(own, {"多少钱": "ask_price"})
    assert talk.says("多少钱") == "您贵姓？"
    turn = talk.say("王先生 {0}")
    [ticket] = turn.tickets
    assert (ticket.kind, ticket.title) == ("call", "回电 王先生 {0}")
    assert ticket.fields == {"who": "王先生 {0}"}
    assert turn.state.flow is None
    assert turn.handoff is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("say: done}", "}", "“say” is missing"),
        ("kind: call, ", "", "“kind” is missing"),
        ("ask: ask_who", "ask: title", "“title” uses {who}, which is not known here"),
        ("finish: open_ticket, kind: call, title: title, body: title, say: done",
         "finish: hand_over, reason: haste, say: ask_who", "“haste” is not known"),
        ("free_text: true", "free_text: true, last: none", "whole number above 0"),
    ],
)  # fmt: skip
def test_a_spoilt_task_is_refused(own: Path, old: str, new: str, problem: str) -> None:
    write(own / "flows" / "back.yml", TICKET.replace(old, new))
    write(own / "wording" / "zh.yml", WORDS)
    with pytest.raises(BadFlow, match=problem):
        load_pack(own)


def test_fraud_goes_to_a_person_at_once_also_inside_a_task() -> None:
    talk = talk_of("finance", {"卡丢了": "report_card_lost", "有人盗刷": "report_fraud"})
    assert "后四位" in talk.says("卡丢了")
    turn = talk.say("有人盗刷")
    assert turn.handoff is not None
    assert (turn.handoff.reason, turn.handoff.skill) == (Reason.URGENT, "security")


def test_what_is_urgent_either_way_is_not_asked_about() -> None:
    talk = talk_of("finance", {"包被抢了": {"report_card_lost": 0.4, "report_fraud": 0.38}})
    assert rule_of(talk.say("包被抢了")) == "is_urgent"


def test_an_angry_customer_who_lost_a_card_is_asked_for_the_card_first() -> None:
    talk = talk_of("finance", {"卡被偷了，气死我了": "report_card_lost"})
    assert rule_of(talk.say("卡被偷了，气死我了")) == "is_urgent"


@pytest.mark.parametrize("text", ["不记得了", "呜呜呜怎么办", "12"])
def test_whoever_does_not_know_the_card_gets_a_person_all_the_same(text: str) -> None:
    talk = talk_of("finance", {"卡丢了": "report_card_lost"})
    assert "不记得卡号" in buttons_of(talk.say("卡丢了"))
    turn = talk.say(text)
    assert turn.handoff is not None
    assert (turn.handoff.reason, turn.handoff.skill) == (Reason.URGENT, "security")


def test_what_only_a_person_can_do_goes_to_the_people_who_can() -> None:
    turn = talk_of("saas", {"合同盖章": "request_contract"}).say("合同盖章")
    assert turn.handoff is not None
    assert (turn.handoff.reason, turn.handoff.skill) == (Reason.NEEDS_PERSON, "sales")


def test_a_description_is_taken_from_the_message_that_starts_the_task() -> None:
    script = {"保存按钮点了没反应，报错500": "report_bug", "有bug": "report_bug"}
    assert "什么时候" in talk_of("saas", script).says("保存按钮点了没反应，报错500")
    assert "什么现象" in talk_of("saas", script).says("有bug")


@pytest.mark.parametrize(
    "text", ["日程提醒从前天起就不弹了", "列表里的金额显示不对啊", "为什么导出来的表格是空的"]
)
def test_a_description_is_neither_a_correction_nor_a_question(text: str) -> None:
    talk = talk_of("saas", {"有bug": "report_bug"})
    talk.say("有bug")
    talk.say(text)
    assert talk.state.slots["bug_what"] == text


@pytest.mark.parametrize(
    ("text", "name"),
    [("小雨", "小雨"), ("我叫欧阳若曦", "欧阳若曦"), ("谢雨桐", "谢雨桐"), ("明明同学", "明明"),
     ("Amy Chen", "Amy Chen")],
)  # fmt: skip
def test_a_name_is_a_name_whatever_the_model_takes_it_for(text: str, name: str) -> None:
    talk = talk_of("education", {"约试听": "book_trial", "小雨": "greet", "谢雨桐": "thank"})
    talk.says("约试听", "钢琴课")
    talk.say(text)
    assert talk.state.slots["student_name"] == name


def test_a_question_in_between_and_thanks_do_not_fill_the_slot() -> None:
    talk = talk_of("education", {"约试听": "book_trial", "学费多少钱": "ask_price"})
    talk.says("约试听", "钢琴课")
    assert "120 元" in "".join(r.content for r in talk.say("学费多少钱").replies)
    assert rule_of(talk.say("谢谢")) == "small_talk"
    assert "student_name" not in talk.state.slots


def test_the_example_of_the_readme_is_a_pack(own: Path) -> None:
    readme = (PACKS / "README.md").read_text(encoding="utf-8")
    _, task, words = (part.split("```")[0] for part in readme.split("```yaml\n")[1:])
    write(own / "flows" / "call_back.yml", task)
    write(own / "wording" / "zh.yml", words)
    talk = talk_of(own, {"多少钱": "ask_price"})
    assert talk.says("多少钱") == "请留个手机号，同事马上给您回电。"
    turn = talk.say("13800000001")
    assert [ticket.title for ticket in turn.tickets] == ["回电 13800000001"]


def texts_in(content: object) -> Iterator[str]:
    """The texts of a document that are patterns, as far as one can see."""
    if isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from texts_in(inner)
    elif isinstance(content, str) and re.search(r"[(\[|]", content):
        yield content


@pytest.mark.parametrize(
    "path",
    sorted([*PACKS.glob("*/conduct.yml"), *PACKS.glob("*/flows/*.yml")]),
    ids=lambda path: f"{path.parts[-2]}/{path.name}",
)
@pytest.mark.timeout(60)
def test_nobody_holds_the_bot_up_by_repeating_a_word(path: Path) -> None:
    """A pattern with (嗯+)* tries every way to cut 嗯嗯嗯…: doubled with each, it never ends."""
    for pattern in texts_in(yaml.safe_load(path.read_text(encoding="utf-8"))):
        for word in set(re.findall(r"[\u4e00-\u9fff]{1,3}|[a-z]+|[，, ]", pattern)):
            re.search(pattern, f"{word * 40}§")  # ends, or the timeout fails the test
