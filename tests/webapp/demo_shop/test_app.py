"""The demo shop over HTTP: the promised rows, and what is not told to strangers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webapp.demo_shop.app import create_app
from webapp.demo_shop.key import read_or_create
from webapp.demo_shop.store import ShopStore

KEY = "key-of-this-test"
WITH_KEY = {"Authorization": f"Bearer {KEY}"}
FIXED = {
    "20261101000001|13800000001|已发货|烟酰胺精华 30ml|1|199|顺丰|SF1000000000001": (
        "杭州转运中心，预计明天送达"
    ),
    "20261101000002|13800000001|待发货|氨基酸洁面 100g|2|118|None|None": "仓库拣货中",
    "20261101000003|13800000002|已签收|真无线耳机 Pro|1|499|中通|ZT1000000000003": (
        "2026-11-05 已由本人签收"
    ),
    "20261101000004|13800000002|退款中|棉质T恤 M 白色|1|89|圆通|YT1000000000004": (
        "退货已签收，退款审核中，1-3 个工作日"
    ),
    "20261101000005|13800000003|已取消|扫地机器人 S5|1|1999|None|None": "已取消，款项已原路退回",
    "20261101000006|13800000003|已发货|扫地机器人 S5|1|1999|京东|JD1000000000006": (
        "派送异常：收件人电话无法接通"
    ),
}
COLUMNS = ["order_id", "phone", "status", "item", "quantity", "amount", "carrier", "tracking_no"]


@pytest.fixture
def store(tmp_path: Path) -> ShopStore:
    store = ShopStore(tmp_path / "shop.db")
    store.prepare()
    return store


@pytest.fixture
def client(store: ShopStore) -> FlaskClient:
    return create_app(store, service_key=KEY).test_client()


@pytest.mark.parametrize(("fixed", "progress"), list(FIXED.items()))
def test_the_promised_orders_are_there(client: FlaskClient, fixed: str, progress: str) -> None:
    row = client.get(f"/orders/{fixed[:14]}", headers=WITH_KEY).get_json()
    assert "|".join(str(row[name]) for name in COLUMNS) == fixed
    assert row["progress"] == progress


def test_preparing_again_keeps_what_happened_since(client: FlaskClient, store: ShopStore) -> None:
    body = {"order_id": "20261101000003", "reason": "不喜欢", "request_id": "request-1"}
    opened = client.post("/returns", json=body, headers=WITH_KEY)
    store.prepare()
    found = client.get(f"/returns/{opened.get_json()['return_no']}", headers=WITH_KEY)
    assert found.get_json() == opened.get_json()


def test_the_last_four_digits_show_the_order_without_its_whole_number(client: FlaskClient) -> None:
    row = client.get("/orders/20261101000001?phone_last4=0001").get_json()
    assert (row["status"], row["phone"]) == ("已发货", "138****0001")


def test_wrong_digits_no_digits_and_no_order_look_the_same(client: FlaskClient) -> None:
    answers = [
        client.get(path)
        for path in (
            "/orders/20261101000001?phone_last4=9999",
            "/orders/20261101000001?phone_last4=",
            "/orders/20261101000001",
            "/orders/20269999999999?phone_last4=0001",
            "/orders/20261101000001/logistics?phone_last4=9999",
            "/orders/20269999999999/logistics",
            "/orders/20261101000003/invoices?phone_last4=9999",
            "/returns/RT20261108000001?phone_last4=9999",
            "/returns/RT00000000000000?phone_last4=0002",
        )
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}
    assert "RecordNotFound" in answers[0].text


def test_the_digits_cannot_be_tried_out(client: FlaskClient, store: ShopStore) -> None:
    for guess in range(5):
        client.get(f"/orders/20261101000001?phone_last4=777{guess}")
    assert client.get("/orders/20261101000001?phone_last4=0001").status_code == 404
    assert client.get("/orders/20261101000003?phone_last4=0002").status_code == 200
    later = datetime.now(UTC) + timedelta(minutes=16)
    assert not store.proof_is_blocked("20261101000001", now=later)


def test_the_parcels_way_is_told_newest_first(client: FlaskClient) -> None:
    body = client.get("/orders/20261101000006/logistics?phone_last4=0003").get_json()
    assert (body["carrier"], body["tracking_no"]) == ("京东", "JD1000000000006")
    assert body["trace"][0]["note"] == "派送异常：收件人电话无法接通"


@pytest.mark.parametrize("path", ["/customers/13800000001/orders", "/members/13800000001"])
@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "é"}])
def test_personal_records_need_the_service_key(
    client: FlaskClient, path: str, header: dict[str, str]
) -> None:
    assert client.get(path, headers=header).status_code == 401
    assert client.get(path, headers=WITH_KEY).status_code == 200


def test_a_customers_orders_are_all_theirs(client: FlaskClient) -> None:
    body = client.get("/customers/13800000003/orders", headers=WITH_KEY).get_json()
    assert [o["order_id"] for o in body["orders"]] == ["20261101000006", "20261101000005"]


def test_a_return_is_opened_once_for_a_request(client: FlaskClient) -> None:
    body = {"order_id": "20261101000001", "reason": "不喜欢", "request_id": "request-1"}
    first = client.post("/returns", json=body, headers=WITH_KEY)
    again = client.post("/returns", json=body, headers=WITH_KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert client.get("/orders/20261101000001", headers=WITH_KEY).get_json()["status"] == "已发货"


def test_a_request_id_belongs_to_one_order(client: FlaskClient) -> None:
    body = {"order_id": "20261101000001", "reason": "不喜欢", "request_id": "request-1"}
    client.post("/returns", json=body, headers=WITH_KEY)
    other = client.post("/returns", json={**body, "order_id": "20261101000003"}, headers=WITH_KEY)
    assert (other.status_code, other.get_json()["error"]) == (409, "RequestIdReused")


def test_returns_need_the_service_key(client: FlaskClient) -> None:
    body = {"order_id": "20261101000003", "reason": "不喜欢", "request_id": "request-1"}
    assert client.post("/returns", json=body).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"{}",
        b'{"order_id": 1, "reason": "x", "request_id": "request-1"}',
        b'{"order_id": "20261101000003", "reason": "", "request_id": "request-1"}',
        b'{"order_id": "20261101000003", "reason": "x", "request_id": "r"}',
    ],
)
def test_a_broken_request_is_refused_with_the_field(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/returns", data=body, headers=WITH_KEY)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "BadRequest")


def test_a_huge_request_is_refused(client: FlaskClient) -> None:
    assert client.post("/returns", data=b"x" * 100_000, headers=WITH_KEY).status_code == 413


def test_stock_is_open_to_everybody(client: FlaskClient) -> None:
    rows = client.get("/stock?product=T恤").get_json()["stock"]
    assert {row["variant"]: row["on_hand"] for row in rows} == {
        "白色 M": 12,
        "白色 L": 0,
        "黑色 M": 37,
    }


def test_it_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/nowhere").get_json()["error"] == "NotFound"


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "shop.key"
    key = read_or_create(path)
    assert len(key) >= 32
    assert read_or_create(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
