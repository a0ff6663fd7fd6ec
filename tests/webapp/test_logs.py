import io
import json
import logging

import httpx
import pytest

from webapp.logs import configure_logging, get_logger

CANARY = "我的银行卡是6222021234567890123"


@pytest.fixture
def lines():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logging("INFO", to=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)


def test_a_record_is_one_line_of_json_with_time_and_level(lines) -> None:
    get_logger("webapp.test").info("turn", conversation_id="c1", ms=12)
    (entry,) = lines()
    assert entry["event"] == "turn"
    assert entry["conversation_id"] == "c1"
    assert entry["level"] == "info"
    assert entry["timestamp"].endswith("Z")


def test_a_line_break_in_a_value_does_not_make_a_second_record(lines) -> None:
    get_logger("webapp.test").info("turn", intent='x\n{"event": "forged"}')
    assert len(lines()) == 1


@pytest.mark.parametrize("through", ["structlog", "stdlib"])
def test_an_exception_is_logged_without_its_message(lines, through: str) -> None:
    log = get_logger("webapp.test") if through == "structlog" else logging.getLogger("library")
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError:
        log.error("failed", exc_info=True)
    (entry,) = lines()
    assert entry["exception"] == "RuntimeError"
    assert entry["cause"] == "ValueError"
    assert any("test_logs.py" in frame for frame in entry["frames"])
    assert CANARY not in json.dumps(entry, ensure_ascii=False)


def test_the_address_of_a_call_to_the_shop_is_not_logged(lines) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200))
    with httpx.Client(transport=transport, base_url="http://shop") as client:
        client.get("/orders/20261101000001")
    assert lines() == []
