from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.errors import BadFlow
from dialogue.journeys import Journey, Outcome, load_journeys, run_journey
from dialogue.rehearsal import rehearses
from tests.fakes import NOW, PACK, hit, make_bot

TRACK = """
journeys:
  - name: 查物流
    steps:
      - user: 查物流
      - {bot: {contains: 订单号, not_contains: [已发货]}, intent: query_logistics, holder: bot}
      - user: 20261101000001 0001
        bot: {contains: [已发货, 顺丰]}
        slots: {order_id: '20261101000001', return_reason: ~}
        language: zh
      - user: 转人工
        reason: asked_for_human
      - user: 在吗
        bot: {silent: true}
        holder: queue
"""


def journeys(tmp_path: Path, text: str) -> tuple[Journey, ...]:
    path = tmp_path / "talk.yml"
    path.write_text(text, encoding="utf-8")
    return load_journeys(path)


def failure(tmp_path: Path, text: str) -> str:
    answers = {"运费多少": hit("运费标准", "满 99 元包邮。")}
    [journey] = journeys(tmp_path, text)
    failed = run_journey(journey, rehearses(make_bot(answers=answers), now=NOW))
    return "" if failed is None else str(failed)


def test_a_journey_that_goes_as_expected_has_no_failure(tmp_path: Path) -> None:
    assert failure(tmp_path, TRACK) == ""


def test_a_list_of_steps_is_a_journey_named_after_its_file(tmp_path: Path) -> None:
    [journey] = journeys(tmp_path, "- user: 查物流\n- bot: 订单号")
    assert journey.name == "talk"
    assert failure(tmp_path, "- user: 查物流\n- bot: 订单号") == ""


def test_a_file_may_be_one_journey(tmp_path: Path) -> None:
    [journey] = journeys(tmp_path, "name: 我\nlocale: en\nphone: '138'\nsteps: [{user: hi}]")
    assert (journey.name, journey.locale, journey.phone) == ("我", "en", "138")


def test_a_folder_holds_journeys_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yml").write_text("- user: hi")
    (tmp_path / "y.yaml").write_text("- user: hi")
    assert [journey.name for journey in load_journeys(tmp_path)] == ["x", "y"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFlow, match="no YAML files"):
        load_journeys(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- bot: hi", r":1: a journey begins with “user: …”"),
        ("- user: hi\n- bott: x", r":2: unknown key “bott”"),
        ("- user: hi\n- bot: {says: x}", r":2: unknown key “says”"),
        ("name: x\nsteps: [{user: a}]\nshop: shut", r":3: “shop” is up or down"),
        (
            "journeys: [{name: a, steps: [{user: x}]}, {name: a, steps: [{user: x}]}]",
            "two journeys",
        ),
        ("name: x", "“steps” is missing"),
    ],
)
def test_a_spoilt_journey_is_refused_with_file_and_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(BadFlow, match=rf"talk\.yml.*{problem}"):
        journeys(tmp_path, text)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{user: 查物流, bot: 你好}", "expected the bot to say “你好”"),
        ("{user: 查物流, bot: {not_contains: 订单号}}", "not to say “订单号”"),
        ("{user: 查物流, bot: {buttons: 提交}}", "button: expected “提交”, got none"),
        ("{user: 查物流, bot: {silent: true}}", "expected silence"),
        ("{user: 查物流, intent: greet}", "intent: expected greet, got query_logistics"),
        ("{user: 查物流, holder: queue}", "holder: expected queue, got bot"),
        ("{user: 查物流, reason: error}", "reason: expected error, got none"),
        ("{user: 查物流, language: en}", "language: expected en, got zh"),
        ("{user: 查物流, ticket: return}", "ticket: expected return, got none"),
        ("{user: 查物流, slots: {order_id: '1'}}", "slot order_id: expected 1, got none"),
        ("{user: 运费多少, bot: {source: 退货}}", "source: expected “退货”, got 运费标准"),
    ],
)
def test_a_failure_says_what_was_expected_and_why_it_came_otherwise(
    tmp_path: Path, step: str, problem: str
) -> None:
    report = failure(tmp_path, f"- {step}")
    assert problem in report
    assert "talk.yml:1: talk" in report
    assert "rule:" in report


def test_what_is_not_known_is_not_compared(tmp_path: Path) -> None:
    class Window:
        """Sees what a customer sees."""

        def say(self, text: str) -> Outcome:
            return Outcome(())

    [journey] = journeys(
        tmp_path, "- {user: x, intent: a, reason: b, ticket: c, slots: {d: e}, language: zh}"
    )
    assert run_journey(journey, lambda _: Window()) is None


def test_silence_is_shown_in_a_report(tmp_path: Path) -> None:
    assert "(silence)" in failure(tmp_path, "- user: 转人工\n- {user: 在吗, bot: 您好}")


def test_a_journey_can_have_a_proved_phone_and_a_closed_shop(tmp_path: Path) -> None:
    text = "steps: [{user: 查物流}, {user: '20261101000001', bot: %s}]\n"
    assert failure(tmp_path, text % "已发货" + "phone: '13800000001'") == ""
    assert failure(tmp_path, text % "没有响应" + "phone: '13800000001'\nshop: down") == ""


def test_a_closed_shop_takes_no_returns(tmp_path: Path) -> None:
    [journey] = journeys(tmp_path, "name: x\nshop: down\nsteps: [{user: hi}]")
    shop = rehearses(make_bot(), now=NOW)(replace(journey)).bot.orders
    with pytest.raises(Exception, match="shop is down"):
        shop.open_return("1", "x", "run-1-long")


def test_at_least_forty_journeys_are_shipped() -> None:
    shipped = load_journeys(PACK / "journeys")
    assert len(shipped) >= 40
    assert len({(journey.path, journey.name) for journey in shipped}) == len(shipped)
