"""What the demo shop stores, in an SQLite file of its own, and the rules on returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from webapp.demo_shop.rows import INVOICES, MEMBERS, ORDERS, RETURNS, STOCK, TRACES

WRONG_PROOFS_ALLOWED = 5
PROOF_WINDOW = timedelta(minutes=15)

_REFUSED_STATUS = {
    "待付款": "not_shipped",
    "待发货": "not_shipped",
    "已取消": "cancelled",
    "退款中": "refunding",
    "已退款": "refunding",
}

_SCHEMA = """
create table if not exists orders (
    order_id text primary key, phone text not null, status text not null, item text not null,
    quantity integer not null, amount text not null, progress text not null,
    carrier text, tracking_no text, return_until text);
create index if not exists orders_phone on orders (phone);
create table if not exists traces (
    order_id text not null references orders, at text not null, place text not null,
    note text not null, primary key (order_id, at));
create table if not exists members (
    phone text primary key, name text not null, tier text not null, points integer not null);
create table if not exists stock (
    sku text primary key, product text not null, variant text not null, price text not null,
    on_hand integer not null);
create table if not exists returns (
    return_no text primary key, order_id text not null unique references orders,
    reason text not null, status text not null, opened_at text not null);
create table if not exists return_requests (
    request_id text primary key, return_no text not null references returns);
create table if not exists invoices (
    invoice_no text primary key, order_id text not null references orders, title text not null,
    amount text not null, issued_on text not null);
create table if not exists wrong_proofs (order_id text not null, at text not null);
create index if not exists wrong_proofs_at on wrong_proofs (at);
"""

Row = dict[str, str | int | None]
"""One stored row by column name, as it is sent: JSON scalars only."""


class ReturnRefused(Exception):
    """The shop does not take this order back; `reason` says why in one stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OrderUnknown(Exception):
    """No order has this number."""


class RequestIdReused(Exception):
    """The same request id came before for another order."""


@dataclass(frozen=True, slots=True)
class OpenedReturn:
    """A return, and whether this very call opened it."""

    row: Row
    created: bool


@dataclass(frozen=True, slots=True)
class ShopStore:
    """The shop's rows in one SQLite file; a connection is opened for each call and closed."""

    path: Path

    def prepare(self) -> None:
        """Create tables and fixed rows that are not there yet; existing rows stay as they are."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as db:
            db.executescript(_SCHEMA)
            with db:
                _insert_missing(db, "orders", ORDERS)
                _insert_missing(db, "traces", TRACES)
                _insert_missing(db, "members", MEMBERS)
                _insert_missing(db, "stock", STOCK)
                _insert_missing(db, "returns", RETURNS)
                _insert_missing(db, "invoices", INVOICES)

    def order(self, order_id: str) -> Row | None:
        """One order with its phone number, or None."""
        return self._one("select * from orders where order_id = ?", order_id)

    def orders_of(self, phone: str) -> list[Row]:
        """All orders of one phone number, newest number first."""
        return self._all("select * from orders where phone = ? order by order_id desc", phone)

    def trace(self, order_id: str) -> list[Row]:
        """The steps of one order's parcel, newest first."""
        return self._all(
            "select at, place, note from traces where order_id = ? order by at desc", order_id
        )

    def member(self, phone: str) -> Row | None:
        """One member, or None."""
        return self._one("select * from members where phone = ?", phone)

    def stock(self, product: str) -> list[Row]:
        """Variants whose product name contains `product`; an empty text means all."""
        return self._all("select * from stock where instr(product, ?) > 0 order by sku", product)

    def invoices(self, order_id: str) -> list[Row]:
        """Invoices issued for one order."""
        return self._all("select * from invoices where order_id = ? order by issued_on", order_id)

    def find_return(self, return_no: str) -> Row | None:
        """One return, or None."""
        return self._one("select * from returns where return_no = ?", return_no)

    def open_return(
        self, *, order_id: str, reason: str, request_id: str, now: datetime
    ) -> OpenedReturn:
        """Open a return; the same request again, or an order already asked for, gives the open one.

        Raises OrderUnknown, ReturnRefused and RequestIdReused.
        """
        with self._connection() as db:
            db.execute("begin immediate")
            with db:
                return _open_return(db, order_id, reason, request_id, now)

    def count_wrong_proof(self, order_id: str, *, now: datetime) -> None:
        """Remember that somebody gave the wrong digits for this number, existing or not."""
        with self._connection() as db, db:
            oldest = _sortable(now - PROOF_WINDOW)
            db.execute("delete from wrong_proofs where at < ?", (oldest,))
            db.execute("insert into wrong_proofs values (?, ?)", (order_id, _sortable(now)))

    def proof_is_blocked(self, order_id: str, *, now: datetime) -> bool:
        """Whether too many wrong digits were given lately: even the right ones are refused then."""
        row = self._one(
            "select count(*) as wrong from wrong_proofs where order_id = ? and at >= ?",
            order_id,
            _sortable(now - PROOF_WINDOW),
        )
        return row is not None and int(row["wrong"] or 0) >= WRONG_PROOFS_ALLOWED

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=5)) as db:
            db.row_factory = sqlite3.Row
            db.execute("pragma journal_mode = wal")
            db.execute("pragma foreign_keys = on")
            yield db

    def _one(self, query: str, *values: str) -> Row | None:
        rows = self._all(query, *values)
        return rows[0] if rows else None

    def _all(self, query: str, *values: str) -> list[Row]:
        with self._connection() as db:
            return [dict(row) for row in db.execute(query, values)]


def _open_return(
    db: sqlite3.Connection, order_id: str, reason: str, request_id: str, now: datetime
) -> OpenedReturn:
    order = db.execute("select * from orders where order_id = ?", (order_id,)).fetchone()
    if order is None:
        raise OrderUnknown(order_id)
    before = db.execute(
        "select r.* from returns r join return_requests q using (return_no) where q.request_id = ?",
        (request_id,),
    ).fetchone()
    if before is not None:
        if before["order_id"] != order_id:
            raise RequestIdReused(request_id)
        return OpenedReturn(dict(before), created=False)
    _refuse_unless_returnable(order, now.date())
    return _stored_return(db, order_id, reason, request_id, now)


def _refuse_unless_returnable(order: sqlite3.Row, today: date) -> None:
    if refusal := _REFUSED_STATUS.get(order["status"]):
        raise ReturnRefused(refusal)
    if order["return_until"] and today > date.fromisoformat(order["return_until"]):
        raise ReturnRefused("too_late")


def _stored_return(
    db: sqlite3.Connection, order_id: str, reason: str, request_id: str, now: datetime
) -> OpenedReturn:
    count = db.execute("select count(*) from returns").fetchone()[0]
    return_no = f"RT{now:%Y%m%d}{count + 1:06d}"
    made = db.execute(
        "insert into returns values (?, ?, ?, '待审核', ?) on conflict (order_id) do nothing",
        (return_no, order_id, reason, now.isoformat(timespec="seconds")),
    )
    row = db.execute("select * from returns where order_id = ?", (order_id,)).fetchone()
    db.execute("insert into return_requests values (?, ?)", (request_id, row["return_no"]))
    return OpenedReturn(dict(row), created=made.rowcount == 1)


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _insert_missing(db: sqlite3.Connection, table: str, rows: Sequence[object]) -> None:
    for row in rows:
        columns = asdict(row)  # type: ignore[call-overload]  # every caller gives dataclasses
        marks = ", ".join("?" * len(columns))
        db.execute(
            f"insert or ignore into {table} ({', '.join(columns)}) values ({marks})",  # noqa: S608 - our own names
            astuple(row),  # type: ignore[call-overload]
        )
