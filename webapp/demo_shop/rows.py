"""The rows a fresh demo shop starts with; the first six orders are promised to outside programs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order; `amount` is the total in yuan, `return_until` an ISO date or None (open)."""

    order_id: str
    phone: str
    status: str
    item: str
    quantity: int
    amount: str
    progress: str
    carrier: str | None = None
    tracking_no: str | None = None
    return_until: str | None = None


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One step of a parcel's way; `at` is an ISO time of Beijing."""

    order_id: str
    at: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One customer of the loyalty programme."""

    phone: str
    name: str
    tier: str
    points: int


@dataclass(frozen=True, slots=True)
class StockRow:
    """How many pieces of one variant are in the warehouse; `price` is in yuan."""

    sku: str
    product: str
    variant: str
    price: str
    on_hand: int


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return that was under way before the demo began."""

    return_no: str
    order_id: str
    reason: str
    status: str
    opened_at: str


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice that was issued."""

    invoice_no: str
    order_id: str
    title: str
    amount: str
    issued_on: str


ORDERS = (
    OrderRow(
        "20261101000001",
        "13800000001",
        "已发货",
        "烟酰胺精华 30ml",
        1,
        "199",
        "杭州转运中心，预计明天送达",
        "顺丰",
        "SF1000000000001",
    ),
    OrderRow("20261101000002", "13800000001", "待发货", "氨基酸洁面 100g", 2, "118", "仓库拣货中"),
    OrderRow(
        "20261101000003",
        "13800000002",
        "已签收",
        "真无线耳机 Pro",
        1,
        "499",
        "2026-11-05 已由本人签收",
        "中通",
        "ZT1000000000003",
    ),
    OrderRow(
        "20261101000004",
        "13800000002",
        "退款中",
        "棉质T恤 M 白色",
        1,
        "89",
        "退货已签收，退款审核中，1-3 个工作日",
        "圆通",
        "YT1000000000004",
    ),
    OrderRow(
        "20261101000005",
        "13800000003",
        "已取消",
        "扫地机器人 S5",
        1,
        "1999",
        "已取消，款项已原路退回",
    ),
    OrderRow(
        "20261101000006",
        "13800000003",
        "已发货",
        "扫地机器人 S5",
        1,
        "1999",
        "派送异常：收件人电话无法接通",
        "京东",
        "JD1000000000006",
    ),
    OrderRow(
        "20260301000007",
        "13800000004",
        "已签收",
        "保温杯 500ml",
        1,
        "79",
        "2026-03-05 已由本人签收",
        "京东",
        "JD1000000000007",
        return_until="2026-04-04",
    ),
)

TRACES = (
    TraceRow("20261101000001", "2026-11-01T15:40:00+08:00", "杭州萧山仓", "包裹已出库"),
    TraceRow("20261101000001", "2026-11-01T20:12:00+08:00", "杭州转运中心", "预计明天送达"),
    TraceRow("20261101000003", "2026-11-02T10:05:00+08:00", "杭州萧山仓", "包裹已出库"),
    TraceRow("20261101000003", "2026-11-05T14:31:00+08:00", "上海静安网点", "已由本人签收"),
    TraceRow("20261101000004", "2026-11-02T09:30:00+08:00", "杭州萧山仓", "包裹已出库"),
    TraceRow("20261101000004", "2026-11-10T11:20:00+08:00", "青禾售后仓", "退货已签收"),
    TraceRow("20261101000006", "2026-11-01T17:45:00+08:00", "杭州萧山仓", "包裹已出库"),
    TraceRow(
        "20261101000006",
        "2026-11-03T10:50:00+08:00",
        "成都锦江营业部",
        "派送异常：收件人电话无法接通",
    ),
    TraceRow("20260301000007", "2026-03-05T16:02:00+08:00", "宁波海曙网点", "已由本人签收"),
)

MEMBERS = (
    MemberRow("13800000001", "林女士", "银禾", 1260),
    MemberRow("13800000002", "陈先生", "金禾", 3480),
    MemberRow("13800000003", "周女士", "黑金", 12050),
    MemberRow("13800000004", "吴先生", "青苗", 79),
)

STOCK = (
    StockRow("SERUM-30", "烟酰胺精华", "30ml", "199", 320),
    StockRow("CLEANSER-100", "氨基酸洁面", "100g", "59", 540),
    StockRow("BUDS-PRO-BLACK", "真无线耳机 Pro", "黑色", "499", 86),
    StockRow("BUDS-PRO-WHITE", "真无线耳机 Pro", "白色", "499", 41),
    StockRow("BUDS-PRO-PINK", "真无线耳机 Pro", "粉色", "499", 0),
    StockRow("TEE-WHITE-M", "棉质T恤", "白色 M", "89", 12),
    StockRow("TEE-WHITE-L", "棉质T恤", "白色 L", "89", 0),
    StockRow("TEE-BLACK-M", "棉质T恤", "黑色 M", "89", 37),
    StockRow("ROBOT-S5", "扫地机器人 S5", "标准版", "1999", 24),
    StockRow("ROBOT-T7", "扫地机器人 T7", "标准版", "2799", 9),
    StockRow("WATCH-2", "智能手表 Watch 2", "黑色", "699", 58),
    StockRow("THERMOS-500-WHITE", "保温杯", "白色 500ml", "79", 203),
)

RETURNS = (
    ReturnRow(
        "RT20261108000001",
        "20261101000004",
        "尺码不合适",
        "退款审核中",
        "2026-11-08T09:12:00+08:00",
    ),
)

INVOICES = (InvoiceRow("26332000000000000003", "20261101000003", "个人", "499.00", "2026-11-06"),)
