"""The connector against the real demo shop, and against servers that misbehave."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

from dialogue.business import Logistics, Order, OrderStatus, OrderSystem, Refusal
from dialogue.errors import BusinessSystemUnavailable
from webapp.connectors.breaker import Breaker
from webapp.connectors.shop import Patience, ShopConnector
from webapp.demo_shop.app import create_app
from webapp.demo_shop.store import ShopStore

KEY = "key-of-this-test"
IMPATIENT = Patience(connect=0.5, read=0.3, total=0.8, attempts=2, backoff=0.01)
ORDER = {
    "order_id": "20261101000001",
    "phone": "13800000001",
    "status": "已发货",
    "item": "烟酰胺精华 30ml",
    "quantity": 1,
    "amount": "199",
}


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def connected(
    url: str, *, key: str = KEY, breaker: Breaker | None = None
) -> Iterator[ShopConnector]:
    with closing(
        ShopConnector(url, service_key=key, patience=IMPATIENT, breaker=breaker)
    ) as connector:
        yield connector


class Misbehaving:
    """A shop that gives the same answer to everything and counts how often it was asked."""

    def __init__(self, answer: Callable[[int], Response]) -> None:
        self.asked = 0
        self.app = Flask("misbehaving")

        @self.app.route("/<path:path>", methods=["GET", "POST"])
        def everything(path: str) -> Response:
            self.asked += 1
            return answer(self.asked)


def as_json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


@pytest.fixture
def shop_url(tmp_path: Path) -> Iterator[str]:
    store = ShopStore(tmp_path / "shop.db")
    store.prepare()
    with served(create_app(store, service_key=KEY)) as url:
        yield url


@pytest.fixture
def shop(shop_url: str) -> Iterator[OrderSystem]:
    with connected(shop_url) as connector:
        yield connector


def test_an_order_comes_with_its_owner_status_and_parcel(shop: OrderSystem) -> None:
    assert shop.find_order("20261101000001") == Order(
        order_id="20261101000001",
        phone="13800000001",
        status=OrderStatus.SHIPPED,
        item="烟酰胺精华 30ml",
        quantity=1,
        amount="199",
        progress="杭州转运中心，预计明天送达",
        logistics=Logistics("顺丰", "SF1000000000001"),
    )


def test_an_order_that_is_not_shipped_has_no_parcel(shop: OrderSystem) -> None:
    order = shop.find_order("20261101000002")
    assert order is not None
    assert (order.status, order.logistics) == (OrderStatus.AWAITING_SHIPMENT, None)


@pytest.mark.parametrize("order_id", ["20269999999999", "../healthz", "", "2026 1101", "单号"])
def test_a_number_that_is_nobodys_finds_nothing(shop: OrderSystem, order_id: str) -> None:
    assert shop.find_order(order_id) is None


def test_a_return_asked_for_twice_is_opened_once(shop: OrderSystem) -> None:
    first = shop.open_return("20261101000003", "不喜欢", "request-1")
    assert first.refusal is None
    assert first.return_no is not None
    assert shop.open_return("20261101000003", "不喜欢", "request-1") == first
    assert shop.open_return("20261101000003", "换个理由", "request-2") == first


@pytest.mark.parametrize(
    ("order_id", "refusal"),
    [
        ("20261101000002", Refusal.NOT_SHIPPED),
        ("20261101000004", Refusal.REFUNDING),
        ("20261101000005", Refusal.CANCELLED),
        ("20260301000007", Refusal.TOO_LATE),
        ("20269999999999", Refusal.OTHER),
    ],
)
def test_a_return_that_is_not_possible_is_refused_with_its_reason(
    shop: OrderSystem, order_id: str, refusal: Refusal
) -> None:
    receipt = shop.open_return(order_id, "不想要了", f"request-{order_id}")
    assert (receipt.return_no, receipt.refusal) == (None, refusal)


def test_a_shop_that_is_down_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with connected(url) as shop, pytest.raises(BusinessSystemUnavailable, match="ConnectError"):
        shop.find_order("20261101000001")


def test_a_shop_that_is_too_slow_is_unavailable() -> None:
    done = threading.Event()

    def late(asked: int) -> Response:
        done.wait(10)
        return as_json(ORDER)

    with served(Misbehaving(late).app) as url, connected(url) as shop:
        with pytest.raises(BusinessSystemUnavailable, match="ReadTimeout"):
            shop.find_order("20261101000001")
        done.set()


def test_an_answer_that_trickles_without_end_is_unavailable() -> None:
    done = threading.Event()

    def trickle(asked: int) -> Response:
        def drops() -> Iterator[bytes]:
            while not done.wait(0.05):
                yield b" "

        return Response(drops(), content_type="application/json")

    with served(Misbehaving(trickle).app) as url, connected(url) as shop:
        with pytest.raises(BusinessSystemUnavailable, match="ReadTimeout"):
            shop.find_order("20261101000001")
        done.set()


def test_an_answer_that_is_far_too_long_is_unavailable() -> None:
    flood = Misbehaving(lambda asked: Response(b" " * 3_000_000))
    with served(flood.app) as url, connected(url) as shop, pytest.raises(BusinessSystemUnavailable):
        shop.find_order("20261101000001")


def test_a_failure_is_tried_again_once_and_then_unavailable() -> None:
    failing = Misbehaving(lambda asked: as_json({"error": "Oops"}, 500))
    with (
        served(failing.app) as url,
        connected(url) as shop,
        pytest.raises(BusinessSystemUnavailable, match="status 500"),
    ):
        shop.find_order("20261101000001")
    assert failing.asked == 2


def test_a_failure_that_passes_is_not_noticed() -> None:
    shaky = Misbehaving(lambda asked: as_json({}, 503) if asked == 1 else as_json(ORDER))
    with served(shaky.app) as url, connected(url) as shop:
        order = shop.find_order("20261101000001")
    assert order is not None
    assert (order.phone, shaky.asked) == ("13800000001", 2)


@pytest.mark.parametrize(
    "answer",
    [
        Response("{not json", content_type="application/json"),
        Response(b"\xff\xfe\x00", content_type="application/json"),
        Response("", content_type="application/json"),
        Response("<h1>It works</h1>", content_type="text/html"),
        as_json([]),
        as_json({"order_id": "20261101000001"}),
        as_json({**ORDER, "status": "飞走了"}),
        as_json({**ORDER, "quantity": "many"}),
        Response("moved", status=302, headers={"Location": "http://127.0.0.1:1/"}),
        as_json({"error": "NotFound", "message": "no such address"}, 404),
        Response("nothing here", status=404),
        as_json({"error": "KeyRequired"}, 401),
    ],
)
def test_an_answer_of_another_shape_is_unavailable(answer: Response) -> None:
    with served(Misbehaving(lambda asked: answer).app) as url, connected(url) as shop:
        with pytest.raises(BusinessSystemUnavailable):
            shop.find_order("20261101000001")
        with pytest.raises(BusinessSystemUnavailable):
            shop.open_return("20261101000001", "不喜欢", "request-1")


def test_a_wrong_service_key_is_unavailable_not_an_empty_shop(shop_url: str) -> None:
    with connected(shop_url, key="another") as shop, pytest.raises(BusinessSystemUnavailable):
        shop.find_order("20261101000001")


def test_a_shop_that_keeps_failing_is_left_alone_and_asked_again_after_a_rest() -> None:
    now = 100.0
    healthy = threading.Event()
    recovering = Misbehaving(lambda asked: as_json(ORDER) if healthy.is_set() else as_json({}, 500))
    breaker = Breaker(patience=2, rest_seconds=5, monotonic=lambda: now)
    with served(recovering.app) as url, connected(url, breaker=breaker) as shop:
        for _ in range(3):
            with pytest.raises(BusinessSystemUnavailable):
                shop.find_order("20261101000001")
        assert recovering.asked == 4  # two calls of two attempts; the third was not made
        healthy.set()
        now += 6
        assert shop.find_order("20261101000001") is not None
        assert shop.find_order("20261101000001") is not None


def test_after_a_rest_only_one_caller_tries() -> None:
    now = 100.0
    breaker = Breaker(patience=1, rest_seconds=5, monotonic=lambda: now)
    breaker.failed()
    assert not breaker.allows()
    now += 6
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


def test_many_callers_at_once_get_their_own_orders(shop: OrderSystem) -> None:
    wanted = ["20261101000001", "20261101000003", "20261101000005"] * 8
    got: dict[int, str | None] = {}

    def ask(position: int, order_id: str) -> None:
        order = shop.find_order(order_id)
        got[position] = order.order_id if order else None

    threads = [threading.Thread(target=ask, args=pair) for pair in enumerate(wanted)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[position] for position in range(len(wanted))] == wanted


def test_the_default_patience_leaves_time_to_reply_within_three_seconds() -> None:
    patience = Patience()
    assert patience.total < 3
