from __future__ import annotations

import json

from dialogue.state import Choice, DialogueState, FlowPosition, ShownArticle, from_json, to_json


def test_a_state_survives_being_stored() -> None:
    state = DialogueState(
        language="en",
        flow=FlowPosition("track_order", "run", asked="order_id", failures=1, intent="x"),
        slots={"order_id": "1"},
        intents=("greet",),
        articles=(ShownArticle("a", "退货", "期限"),),
        verified_orders=("1",),
        pending_choice=(Choice("greet", "打招呼"),),
        offer="vip",
    )
    assert from_json(json.loads(json.dumps(to_json(state)))) == state


def test_a_fresh_state_survives_as_well() -> None:
    assert from_json(json.loads(json.dumps(to_json(DialogueState())))) == DialogueState()


def test_what_another_release_stored_is_read_as_far_as_it_is_known() -> None:
    assert from_json({"language": "en", "mystery": 1}) == DialogueState(language="en")
