"""What a trained model and a pack's lexicon find together in a message, as `jiedai parse` does."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.encoder import load_encoder
from nlu.errors import BadTrainingData
from nlu.pipeline import NluPipeline
from nlu.rasa_yaml import read_yaml
from nlu.text import normalise
from webapp.understanding import (
    load_understanding,
    read_titles,
    read_titles_of,
    train_data,
    train_pack,
)

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # ten o'clock in Shanghai
ITEMS = ("耳机", "面霜", "外套", "键盘", "水杯", "雨伞")
FILE = """version: "3.1"
nlu:
- intent: apply_return
  examples: |
{returns}
    - 我要退掉[星空限定](series)这款
- intent: query_logistics
  examples: |
{queries}
- regex: seat
  examples: |
    - [A-Z]\\d{{2}}(?!\\d)
- lookup: campus
  examples: |
    - 海淀校区
- synonym: 海淀校区
  examples: |
    - 海淀分校
"""

needs_encoder = pytest.mark.skipif(
    not (ROOT / "models" / "encoder" / "manifest.json").exists(),
    reason="no encoder: run scripts/setup",
)
pytestmark = needs_encoder


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> NluPipeline:
    folder = tmp_path_factory.mktemp("understanding")
    returns = "\n".join(f"    - 我要退掉这个{item}" for item in ITEMS)
    queries = "\n".join(f"    - {item}的快递到哪里了" for item in ITEMS)
    data, problems = read_yaml(FILE.format(returns=returns, queries=queries), file="nlu.yml")
    assert problems == []
    encoder = load_encoder(ROOT / "models" / "encoder")
    train_data(
        data,
        out=folder / "model",
        encoder=encoder,
        features_file=folder / "features.npz",
        common=ROOT / "training_data" / "common",
        now=NOW,
    )
    pack = ROOT / "training_data" / "ecommerce"
    return load_understanding(folder / "model", encoder=encoder, pack=pack)


# One of every entity that the documentation promises: what is typed, its name and its value.
SAID = [
    ("20261101000001", "order_id", "20261101000001"),
    ("SF1000000000001", "tracking_no", "SF1000000000001"),
    ("138 0000 0001", "phone", "13800000001"),
    ("zhang.san@example.com", "email", "zhang.san@example.com"),
    ("11010519491231002X", "id_card", "11010519491231002X"),
    ("6222021234567890128", "bank_card", "6222021234567890128"),
    ("粤B·D12345", "plate", "粤BD12345"),
    ("https://a.cn/x?y=1", "url", "https://a.cn/x?y=1"),
    ("下周二", "date", "2026-11-24"),
    ("9月1日到5日", "date_range", "2026-09-01/2026-09-05"),
    ("下午三点半", "time", "15:30"),
    ("两小时前", "datetime", "2026-11-22T08:00:00"),
    ("两个半小时", "duration", "PT2.5H"),
    ("3到5天", "duration_range", "P3D/P5D"),
    ("每月15号", "recurrence", "XXXX-XX-15"),
    ("三万五", "number", "35000"),
    ("二百五十块", "money", "250"),
    ("两件", "quantity", "2"),
    ("百分之三", "percent", "3"),
    ("三公斤", "measure", "3kg"),
    ("50ml", "size", "50ml"),
    ("三岁", "age", "P3Y"),
    ("杭州市", "region", "杭州"),
    ("顺丰", "company", "顺丰"),
    ("棉质T恤", "product", "棉质T恤"),
    ("白色", "color", "白色"),
    ("B07", "seat", "B07"),
    ("海淀校区", "campus", "海淀校区"),
    ("海淀分校", "campus", "海淀校区"),
    ("星空限定", "series", "星空限定"),
]


@pytest.mark.parametrize(("typed", "name", "value"), SAID)
def test_every_kind_of_entity_is_found_with_its_value_and_place(
    pipeline: NluPipeline, typed: str, name: str, value: str
) -> None:
    text = f"😡您好，{typed}，帮我看一下"
    [found] = [e for e in pipeline.understand(text, now=NOW).entities if e.name == name]
    assert (found.value, text[found.start : found.end]) == (value, typed)


@pytest.mark.parametrize(
    ("text", "name", "value", "typed"),
    [
        ("訂單２０26110100000１", "order_id", "20261101000001", "２０26110100000１"),
        ("😀😀１３８００００００01", "phone", "13800000001", "１３８００００００01"),
        ("👨‍👩‍👧 下週二來拿", "date", "2026-11-24", "下週二"),
        ("兩　件", "quantity", "2", "兩　件"),
        ("壹佰貳拾塊", "money", "120", "壹佰貳拾塊"),
        ("朝陽嗎？不，海澱校區", "campus", "海淀校区", "海澱校區"),
        ("坐Ｂ０７👍🏽", "seat", "B07", "Ｂ０７"),
        ("臉紅紅，要黑\u200b色的", "color", "黑色", "黑\u200b色"),
    ],
)  # fmt: skip
def test_width_script_and_emoji_do_not_move_the_place(
    pipeline: NluPipeline, text: str, name: str, value: str, typed: str
) -> None:
    found = [e for e in pipeline.understand(text, now=NOW).entities if e.name == name]
    assert [(e.value, text[e.start : e.end]) for e in found] == [(value, typed)]


@pytest.mark.parametrize(
    ("text", "name"),
    [("110105194912310021", "id_card"), ("6222021234567890127", "bank_card")],
)
def test_a_wrong_check_digit_makes_no_card(pipeline: NluPipeline, text: str, name: str) -> None:
    assert name not in [e.name for e in pipeline.understand(text, now=NOW).entities]


def test_of_overlapping_entities_one_is_kept(pipeline: NluPipeline) -> None:
    def found(text: str) -> list[tuple[str, str]]:
        return [(e.name, e.value) for e in pipeline.understand(text, now=NOW).entities]

    assert found("https://a.cn/order/20261101000001") == [("order_id", "20261101000001")]
    assert found("B0777") == []  # the pattern wants two digits, and the rest is no number
    assert found("海淀校区") == [("campus", "海淀校区")]  # 海淀 alone may be a region


NOISE = st.text(alphabet="😀👍🏽，。！ \u200b\u3000~呀啊嘛呢", max_size=8)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.tuples(NOISE, st.sampled_from(SAID)), min_size=1, max_size=4), end=NOISE)
def test_places_index_the_text_as_it_was_typed(
    pipeline: NluPipeline, parts: list[tuple[str, tuple[str, str, str]]], end: str
) -> None:
    text = "".join(f"{noise}。{typed}。" for noise, (typed, _, _) in parts) + end
    found = pipeline.understand(text, now=NOW).entities
    places = [(e.name, e.value, normalise(text[e.start : e.end]).text) for e in found]
    wanted = [(name, value, normalise(typed).text) for _, (typed, name, value) in parts]
    assert [one for one in places if one in wanted] == wanted


def test_of_a_megabyte_the_beginning_is_read(pipeline: NluPipeline) -> None:
    text = "我的订单20261101000001" + "三块五，明天下午" * 125_000
    found = pipeline.understand(text, now=NOW).entities
    assert found[0].value == "20261101000001"
    assert all(text[e.start : e.end] in {"20261101000001", "三块五", "明天", "下午"} for e in found)
    assert found[-1].end <= 5000


SMALL = """version: "3.1"
nlu:
- intent: in7
  examples: |
    - 坏掉了咋办
    - 用着用着就不行了
- intent: in8
  examples: |
    - 几天能到
    - 现在走到哪了
"""
WORDING = """language: zh
messages: {}
intents: {in7: 保修期限, in8: 查物流}
"""


def test_the_titles_of_a_pack_teach_what_its_few_examples_do_not_say(tmp_path: Path) -> None:
    encoder = load_encoder(ROOT / "models" / "encoder")
    shutil.copytree(ROOT / "training_data" / "common", tmp_path / "common")
    confidence = {}
    for name in ("named", "unnamed"):
        pack = tmp_path / name
        (pack / "nlu").mkdir(parents=True)
        (pack / "nlu" / "all.yml").write_text(SMALL, encoding="utf-8")
        if name == "named":
            (pack / "wording").mkdir()
            (pack / "wording" / "zh.yml").write_text(WORDING, encoding="utf-8")
        out = tmp_path / f"{name}-model"
        kept = tmp_path / "features.npz"
        train_pack(pack, out=out, encoder=encoder, features_file=kept, now=NOW)
        trained = load_understanding(out, encoder=encoder, pack=pack)
        ranking = trained.understand("保修期限").ranking
        confidence[name] = next(score.confidence for score in ranking if score.name == "in7")
    assert confidence["named"] > confidence["unnamed"] + 0.1


@pytest.mark.parametrize("text", ["language: [", "intents: {greet: 2026-13-01}"])
def test_wording_that_cannot_be_read_trains_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "wording").mkdir()
    (tmp_path / "wording" / "zh.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadTrainingData, match=r"zh\.yml"):
        read_titles(tmp_path)


def test_a_title_of_the_pack_stands_in_for_the_shared_one(tmp_path: Path) -> None:
    for folder, titles in (
        ("common", "{greet: 打招呼, deny: 否定, thank: 感谢}"),
        ("mine", "{greet: 问好, thank: ~}"),
    ):
        (tmp_path / folder / "wording").mkdir(parents=True)
        words = f"language: zh\nintents: {titles}\n"
        (tmp_path / folder / "wording" / "zh.yml").write_text(words, encoding="utf-8")
    english = tmp_path / "common" / "wording" / "en.yml"
    english.write_text("language: en\nintents: {deny: 'No'}\n", encoding="utf-8")
    assert read_titles(tmp_path / "mine") == {
        "greet": ("问好",),
        "deny": ("No", "否定"),
        "thank": (),
    }


def test_a_pack_without_wording_has_no_titles(tmp_path: Path) -> None:
    assert read_titles(tmp_path) == {}


def test_of_several_sources_those_with_wording_have_titles(tmp_path: Path) -> None:
    for pack, titles in (("shop", "{greet: 问好, thank: 感谢}"), ("bank", "{greet: 开户}")):
        (tmp_path / pack / "wording").mkdir(parents=True)
        words = tmp_path / pack / "wording" / "zh.yml"
        words.write_text(f"intents: {titles}\n", encoding="utf-8")
    (tmp_path / "more.tsv").touch()
    sources = [tmp_path / name for name in ("shop", "more.tsv", "bank")]
    assert read_titles_of(sources) == {"greet": ("开户",), "thank": ("感谢",)}
