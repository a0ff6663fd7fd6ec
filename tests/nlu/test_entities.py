"""What the finder of entities reads out of messages, and that it never stumbles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.entities import find_entities
from nlu.entity_codes import is_bank_card, is_id_card
from nlu.entity_lexicon import EMPTY_LEXICON, load_lexicon, read_lexicon
from nlu.errors import BadTrainingData
from nlu.understanding import Mood

PACK = Path(__file__).parents[2] / "training_data" / "ecommerce"
LEXICON = load_lexicon(PACK / "lexicon")
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def found(text, *, now=SUNDAY, lexicon=LEXICON):
    entities = find_entities(text, now=now, lexicon=lexicon)
    return [(e.name, e.value, text[e.start : e.end]) for e in entities]


def values(text, *, now=SUNDAY):
    return [(name, value) for name, value, _ in found(text, now=now)]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("订单20261101000001到哪了", "20261101000001"),
        ("20261101000001", "20261101000001"),
        ("No20261101000001", "20261101000001"),
        ("2026 1101 000001 查一下", "2026 1101 000001"),
        ("2026-1101-000001", "2026-1101-000001"),
        ("２０２６１１０１００００01", "２０２６１１０１００００01"),
    ],
)
def test_order_number_is_read_however_it_is_typed(text, typed):
    assert found(text) == [("order_id", "20261101000001", typed)]


@pytest.mark.parametrize(
    "text", ["2026110100000", "202611010000012", "30261101000001", "20 138 0000 0001 5"]
)
def test_other_digit_strings_are_no_order_number(text):
    assert "order_id" not in [name for name, _ in values(text)]


def test_order_number_that_passes_the_luhn_check_is_no_bank_card():
    # The check digit of a card fits one order number in ten.
    assert values("20261101000003") == [("order_id", "20261101000003")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SF1000000000001到哪了", "SF1000000000001"),
        ("查下jd 1000000000006", "JD1000000000006"),
        ("YT1000000000004", "YT1000000000004"),
        ("快递单号773012345678901", "773012345678901"),
        ("运单号：75312345678901", "75312345678901"),
    ],
)
def test_waybill_number_is_read(text, value):
    assert ("tracking_no", value) in values(text)


@pytest.mark.parametrize(
    "text", ["13800000001", "138 0000 0001", "138-0000-0001", "+86 13800000001", "8613800000001"]
)
def test_mobile_number_is_read_with_and_without_separators(text):
    assert values(f"电话{text}") == [("phone", "13800000001")]


@pytest.mark.parametrize("text", ["113800000001", "138000000012", "12800000001"])
def test_longer_or_foreign_digits_are_no_mobile_number(text):
    assert "phone" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    "text", ["0001", "尾号0001", "尾号是 0001。", "零零零一", "number ends in 0001"]
)
def test_four_digits_on_their_own_may_end_a_phone_number(text):
    assert values(text) == [("phone_tail", "0001")]


@pytest.mark.parametrize("text", ["1234元", "1234件", "2026年11月", "12345", "¥1234", "1234.5"])
def test_four_digits_with_a_meaning_are_no_phone_tail(text):
    assert "phone_tail" not in [name for name, _ in values(text)]


def test_order_number_and_tail_in_one_message_are_kept_apart():
    assert values("20261101000006 0003") == [
        ("order_id", "20261101000006"),
        ("phone_tail", "0003"),
    ]


def test_email_is_read():
    assert found("发到Zhang.San@example.com谢谢") == [
        ("email", "zhang.san@example.com", "Zhang.San@example.com")
    ]


def test_identity_number_needs_its_check_digit_and_a_real_birthday():
    assert values("身份证11010519491231002x") == [("id_card", "11010519491231002X")]
    assert not is_id_card("110105194912310021")
    assert not is_id_card("11010519491331002X")


def test_bank_card_needs_its_check_digit():
    assert values("卡号6222021234567890128") == [("bank_card", "6222021234567890128")]
    assert values("卡号6222 0212 3456 7890 128") == [("bank_card", "6222021234567890128")]
    assert not is_bank_card("6222021234567890127")
    assert not is_bank_card("0000000000000000")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今天", "2026-11-22"),
        ("昨天", "2026-11-21"),
        ("前天", "2026-11-20"),
        ("大前天", "2026-11-19"),
        ("明儿", "2026-11-23"),
        ("后天", "2026-11-24"),
        ("大后天", "2026-11-25"),
        ("三天前", "2026-11-19"),
        ("3天之后", "2026-11-25"),
        ("两周前", "2026-11-08"),
        ("一个星期以前", "2026-11-15"),
        ("半个月前", "2026-11-07"),
        ("三个月前", "2026-08-22"),
        ("下周二", "2026-11-24"),
        ("上周三", "2026-11-11"),
        ("这周五", "2026-11-20"),
        ("周五能到吗", "2026-11-27"),
        ("礼拜天", "2026-11-22"),
        ("下下周一", "2026-11-30"),
        ("11月5号", "2026-11-05"),
        ("十一月五日", "2026-11-05"),
        ("11-05", "2026-11-05"),
        ("11/05", "2026-11-05"),
        ("2026-11-05", "2026-11-05"),
        ("2026年11月5日", "2026-11-05"),
        ("26年11月5号", "2026-11-05"),
        ("20261105", "2026-11-05"),
        ("去年12月1号", "2025-12-01"),
        ("1月3号", "2027-01-03"),
        ("5号", "2026-11-05"),
        ("下个月五号", "2026-12-05"),
        ("双十一", "2026-11-11"),
        ("上个月", "2026-10"),
        ("12月份", "2026-12"),
        ("上周", "2026-W46"),
        ("去年", "2025"),
        ("three days ago", "2026-11-19"),
        ("a week ago", "2026-11-15"),
        ("in 3 days", "2026-11-25"),
        ("last Tuesday", "2026-11-17"),
        ("next Tuesday", "2026-11-24"),
        ("yesterday", "2026-11-21"),
        ("the day after tomorrow", "2026-11-24"),
        ("Nov 5th", "2026-11-05"),
        ("5 November 2026", "2026-11-05"),
        ("last month", "2026-10"),
        ("月底", "2026-11-30"),
        ("上个月15号", "2026-10-15"),
        ("国庆", "2026-10-01"),
        ("去年国庆", "2025-10-01"),
        ("春节", "2027-02-06"),
        ("母亲节", "2026-05-10"),
        ("去年三月", "2025-03"),
        ("二零一八年", "2018"),
        ("10月12号，星期一", "2026-10-12"),
    ],
)
def test_date_is_read_and_counted_from_now(text, value):
    assert [v for name, v in values(text) if name == "date"] == [value]


@pytest.mark.parametrize(
    "text", ["2月30号", "13-40", "2026-13-01", "3-5天", "3号楼", "三天", "工号008", "换大一号"]
)
def test_what_only_looks_like_a_date_is_none(text):
    assert "date" not in [name for name, _ in values(text)]


def test_today_is_the_day_of_the_customers_calendar():
    late_in_london = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    in_shanghai = late_in_london.astimezone(ZoneInfo("Asia/Shanghai"))
    assert values("今天", now=late_in_london) == [("date", "2026-11-21")]
    assert values("今天", now=in_shanghai) == [("date", "2026-11-22")]


def test_a_moment_without_its_time_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        find_entities("今天", now=datetime(2026, 11, 22))  # noqa: DTZ001 - the point of the test


def test_last_day_of_a_month_stays_inside_shorter_months():
    end_of_may = datetime(2026, 5, 31, tzinfo=UTC)
    assert values("三个月前", now=end_of_may) == [("date", "2026-02-28")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("下午3点半", "15:30"),
        ("下午四点", "16:00"),
        ("晚上十点", "22:00"),
        ("晚8:15", "20:15"),
        ("15:30", "15:30"),
        ("十二点一刻", "12:15"),
        ("凌晨一点", "01:00"),
        ("3pm", "15:00"),
        ("3:30 pm", "15:30"),
        ("夜里十一点半", "23:30"),
        ("差五分三点", "02:55"),
        ("17点55分23秒", "17:55:23"),
    ],
)
def test_time_of_day_is_read(text, value):
    assert values(text) == [("time", value)]


@pytest.mark.parametrize("text", ["便宜一点", "快点", "有一点小", "点一下", "几点上班"])
def test_a_little_is_no_time(text):
    assert values(text) == []


def test_day_and_time_are_two_details():
    assert values("明早8点") == [("date", "2026-11-23"), ("time", "08:00")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二百五十块", "250"),
        ("２５０元", "250"),
        ("三块五", "3.5"),
        ("两块五毛", "2.5"),
        ("五毛", "0.5"),
        ("1千2百块", "1200"),
        ("1.5万元", "15000"),
        ("¥1,999.00", "1999"),
        ("一百块零五毛", "100.5"),
        ("三分钱", "0.03"),
        ("3万5元", "35000"),
        ("8亿元人民币", "800000000"),
        ("二十块钱", "20"),
        ("预算300", "300"),
    ],
)
def test_money_is_a_decimal_string(text, value):
    assert values(text) == [("money", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两件", "2"),
        ("二十瓶", "20"),
        ("３支", "3"),
        ("再加一个", "1"),
        ("×2", "2"),
        ("two pieces", "2"),
    ],
)
def test_quantity_is_read(text, value):
    assert values(text) == [("quantity", value)]


@pytest.mark.parametrize(
    "text", ["一个月", "两个小时", "三个工作日", "第一个", "一下", "千万别发", "两三天"]
)
def test_spans_of_time_ordinals_and_idioms_are_no_quantity(text):
    assert {"quantity", "number"}.isdisjoint(name for name, _ in values(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１２３", "123"),
        ("一百五", "150"),
        ("3万5", "35000"),
        ("3.5", "3.5"),
        ("一千零一", "1001"),
        ("一亿三", "130000000"),
        ("壹萬贰仟", "12000"),
        ("十几万", "100000"),
        ("两千三点一", "2300.1"),
        ("负三十二", "-32"),
        ("三分之二", "0.666666666667"),
        ("7万 5千 4百", "75400"),
        ("2打鸡蛋", "24"),
    ],
)
def test_bare_number_is_normalised(text, value):
    assert values(text) == [("number", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$20", "20 USD"),
        ("20 dollars", "20 USD"),
        ("港币三百", "300 HKD"),
        ("50欧元", "50 EUR"),
        ("一千万日元", "10000000 JPY"),
        ("两美元又三美分", "2.03 USD"),
        ("5 dollars and 20 cents", "5.2 USD"),
    ],
)
def test_money_other_than_yuan_names_its_currency(text, value):
    assert found(text) == [("money", value, text)]


@pytest.mark.parametrize("text", ["千万", "一一", "点点点", "万亿"])
def test_numeral_without_a_value_is_no_number(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("百分之三", "3"), ("12.5%", "12.5"), ("打八折", "80"), ("七五折", "75"), ("三成半", "35")],
)
def test_percentage_is_read_and_a_discount_is_what_is_left_to_pay(text, value):
    assert values(text) == [("percent", value)]


def test_ordinal_is_no_number():
    assert values("第三个") == [("ordinal", "3")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三天", "P3D"),
        ("两个半小时", "PT2.5H"),
        ("一个半月", "P1.5M"),
        ("半年", "P0.5Y"),
        ("三个月零五天", "P3M5D"),
        ("1小时30分钟", "PT1H30M"),
        ("3 days", "P3D"),
        ("half an hour", "PT0.5H"),
    ],
)
def test_duration_is_a_detail_of_its_own(text, value):
    assert values(text) == [("duration", value)]


@pytest.mark.parametrize("text", ["两三天", "天猫", "半天猫", "时候", "三年级", "9999年前的事"])
def test_what_is_no_certain_span_of_time_is_none(text):
    assert "duration" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9月1日到5日", "2026-09-01/2026-09-05"),
        ("10月1-7日", "2026-10-01/2026-10-07"),
        ("12月28日到1月3日", "2026-12-28/2027-01-03"),
        ("下周一到下周三", "2026-11-23/2026-11-25"),
        ("九月到十月", "2026-09/2026-10"),
        ("2018年开始", "2018-01-01/.."),
        ("周五之前", "../2026-11-27"),
        ("2018年之后", "2019-01-01/.."),
        ("上半年", "2026-01-01/2026-06-30"),
        ("第三季度", "2026-07-01/2026-09-30"),
        ("这周末", "2026-11-21/2026-11-22"),
        ("最近三天", "2026-11-19/2026-11-22"),
        ("明天下午两点到四点", "2026-11-23T14:00/2026-11-23T16:00"),
    ],
)
def test_stretch_of_days_is_an_interval(text, value):
    assert values(text) == [("date_range", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("下午五点到七点", "17:00/19:00"),
        ("9:00-18:00", "09:00/18:00"),
        ("晚上九点以后", "21:00/.."),
    ],
)
def test_stretch_of_a_day_is_an_interval(text, value):
    assert values(text) == [("time_range", value)]


def test_hours_are_counted_from_this_moment():
    assert values("两小时前") == [("datetime", "2026-11-22T08:00:00")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三公斤", "3kg"),
        ("身高一米七五", "1.75m"),
        ("十五斤半", "15.5斤"),
        ("38.5℃", "38.5°C"),
        ("零下5度", "-5°"),
        ("五十兆字节", "50MB"),
    ],
)
def test_measure_carries_its_unit(text, value):
    assert values(text) == [("measure", value)]


@pytest.mark.parametrize(("text", "value"), [("三岁", "P3Y"), ("6个月大", "P6M")])
def test_age_is_a_duration(text, value):
    assert values(text) == [("age", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("京A12345", "京A12345"), ("粤B·D12345", "粤BD12345"), ("沪ad12345", "沪AD12345")],
)
def test_number_plate_is_read(text, value):
    assert values(text) == [("plate", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("400-123-4567", "4001234567"),
        ("(020) 81111111", "02081111111"),
        ("0571-88888888转123", "057188888888x123"),
        ("+1 415 555 2671", "+14155552671"),
        ("+49 176 12345678", "+4917612345678"),
        ("电话是 632 139 823", "632139823"),
    ],
)
def test_other_telephone_numbers_are_read(text, value):
    assert values(text) == [("phone", value)]


def test_address_of_a_page_is_one_detail_unless_it_holds_an_order_number():
    assert found("看这个https://a.cn/x?y=1。") == [
        ("url", "https://a.cn/x?y=1", "https://a.cn/x?y=1")
    ]
    assert values("https://a.cn/order/20261101000001") == [("order_id", "20261101000001")]


@pytest.mark.parametrize("text", ["3号楼2单元501", "5欧洲杯", "2015-2016", "一百两百都行"])
def test_what_only_looks_like_money_is_none(text):
    assert "money" not in [name for name, _ in values(text)]


@pytest.mark.parametrize(
    "text", ["https://a.cn/x，abc", "https://a.cn/x；1", "（https://a.cn/x）呢"]
)
def test_a_chinese_mark_ends_the_address_of_a_page(text):
    assert found(text)[0] == ("url", "https://a.cn/x", "https://a.cn/x")


def test_an_address_with_a_login_is_no_email():
    assert values("http://user:pass@abc.com/") == [("url", "http://user:pass@abc.com/")]


def test_three_point_five_is_no_time():
    assert values("三点五") == [("number", "3.5")]
    assert values("三点零五") == [("time", "03:05")]


def test_with_kinds_the_others_do_not_exist():
    kinds = find_entities("3件", now=SUNDAY, kinds={"number"})
    assert [(e.name, e.value) for e in kinds] == [("number", "3")]


def test_threshold_and_reduction_are_money():
    assert values("满300减40") == [("money", "300"), ("money", "40")]
    assert values("满3件打折") == [("quantity", "3")]


def test_two_currencies_in_a_row_are_two_amounts():
    assert values("4人民币5美元") == [("money", "4"), ("money", "5 USD")]


def test_names_are_found_with_their_own_value():
    assert found("退两件t恤白色M码，还有耳機Pro") == [
        ("quantity", "2", "两件"),
        ("product", "棉质T恤", "t恤"),
        ("color", "白色", "白色"),
        ("size", "M", "M码"),
        ("product", "真无线耳机 Pro", "耳機Pro"),
    ]


def test_longer_name_wins_over_the_shorter_one_inside():
    assert values("扫地机器人S5") == [("product", "扫地机器人 S5")]
    assert values("扫地机器人") == [("product", "扫地机器人")]


def test_region_carrier_and_measure_are_found():
    assert values("寄到北京市，发顺丰，要50ml的") == [
        ("region", "北京"),
        ("company", "顺丰"),
        ("size", "50ml"),
    ]


@pytest.mark.parametrize(
    "text", ["京东白条能用吗", "穿多大码", "开封后能放多久", "我明白的", "I'm not sure", "DHLX"]
)
def test_word_that_hides_a_name_is_not_that_name(text):
    assert values(text) == []


@pytest.mark.parametrize(
    "name",
    ["烟酰胺精华 30ml", "氨基酸洁面 100g", "真无线耳机 Pro", "棉质T恤", "扫地机器人 S5"],
)
def test_every_product_of_the_demo_shop_is_known(name):
    assert values(name)[0][0] == "product"


def test_without_a_lexicon_only_forms_are_found():
    assert find_entities("白色T恤发顺丰", now=SUNDAY, lexicon=EMPTY_LEXICON) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("names: {}", "entity"),
        ("entity: color\nnames: [黑色]", "names"),
        ("entity: color\nnames: {黑色: [黑], 灰色: [黑]}", "already stands"),
        ("entity: color\nnames: {黑色: []}\nignore: 黑", "ignore"),
        ("entity: [", "colors.yml"),
        ("entity: color\nnames: {2026-13-01: []}", "colors.yml: month must be"),
    ],
)
def test_broken_lexicon_says_what_is_wrong(text, problem):
    with pytest.raises(BadTrainingData, match=problem):
        read_lexicon({"colors.yml": text})


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("你们客服态度太差了", [("sentiment_target", "客服")]),
        (
            "包装烂成这样，快递怎么送的",
            [("sentiment_target", "包装"), ("sentiment_target", "物流")],
        ),
        ("顺丰太慢了", [("company", "顺丰")]),
        ("the packaging was crushed", [("sentiment_target", "包装")]),
        ("快递单号发我啊", []),
    ],
)
def test_what_a_feeling_is_about_is_found_in_unhappy_messages_only(text, entities):
    unhappy = find_entities(text, now=SUNDAY, lexicon=LEXICON, mood=Mood.UNHAPPY)
    assert [(e.name, e.value) for e in unhappy] == entities
    calm = find_entities(text, now=SUNDAY, lexicon=LEXICON)
    assert "sentiment_target" not in [e.name for e in calm]


def test_a_name_says_more_than_what_a_feeling_is_about():
    text = "扫地机器人太吵了，机器人还答非所问"
    unhappy = find_entities(text, now=SUNDAY, lexicon=LEXICON, mood=Mood.ANGRY)
    assert [(e.name, text[e.start : e.end]) for e in unhappy] == [
        ("product", "扫地机器人"),
        ("sentiment_target", "机器人"),
    ]


def test_missing_folder_is_an_empty_lexicon(tmp_path):
    assert load_lexicon(tmp_path / "none") == EMPTY_LEXICON


PIECES = st.sampled_from(
    [
        *"- 一点半块号月日周上下３万千。¥½éaL😀\u200d",
        "20261101000001",
        "138",
        "0000",
        "SF",
        "十几亿",
        "2018年",
        "9999年前",
        "到",
        "两个半小时",
        "百分之",
        "差一刻",
        "@a.cn",
        "耳機",
        "天前",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_spans_are_in_order_apart_and_inside_any_text(text):
    end = 0
    for entity in find_entities(text, now=SUNDAY, lexicon=LEXICON):
        assert end <= entity.start < entity.end <= len(text)
        assert entity.value
        end = entity.end


@pytest.mark.timeout(60)  # a pattern that backtracks without bound would take hours
@pytest.mark.parametrize(
    "unit", ["1-", "二十号", "a@a.", "三块五", "万", "3月1日到", "两个半", "+86 ", "1.", "百分之"]
)
def test_hundred_kilobytes_of_anything_are_read_in_one_go(unit):
    text = (unit * 100_000)[:100_000]
    last = find_entities(text, now=SUNDAY, lexicon=LEXICON)[-1:]
    assert all(entity.end <= len(text) for entity in last)
