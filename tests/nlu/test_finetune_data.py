"""What fine-tuning learns from, and what it must never see."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.errors import BadTrainingData
from nlu.finetune_data import draw_pairs, prepare, read_logs
from nlu.text import canonical
from nlu.training_data import Example

THINGS = ("耳机", "面霜", "外套", "键盘", "水杯", "雨伞", "台灯", "背包", "手表", "毛巾")


def examples(things: tuple[str, ...] = THINGS) -> list[Example]:
    asked = {"return": "我要退掉这个{}", "track": "{}的快递到哪里了", "price": "这个{}多少钱呀"}
    return [Example(text.format(t), intent) for intent, text in asked.items() for t in things]


def test_nothing_that_judges_is_learnt_from() -> None:
    repeated = [*examples(), *(Example(f" {e.text}！", e.intent) for e in examples())]
    material = prepare(repeated)
    learnt = {text for texts in material.by_intent for text in texts}
    assert material.held
    assert learnt.isdisjoint({canonical(e.text) for e in material.held})


def test_what_was_held_out_once_is_held_out_when_the_data_grows() -> None:
    before = {e.text for e in prepare(examples(THINGS[:7])).held}
    assert before
    assert before <= {e.text for e in prepare(examples()).held}


def test_an_intent_keeps_two_texts_to_learn_from() -> None:
    few = [Example(f"能给我{thing}的发票吗", "invoice") for thing in THINGS[:3]]
    material = prepare([*examples(), *few])
    assert min(len(texts) for texts in material.by_intent) >= 2


def test_too_few_examples_to_judge_by_are_refused() -> None:
    with pytest.raises(BadTrainingData, match="too few to judge"):
        prepare(examples(THINGS[:2]))


def test_where_nothing_judges_everything_is_learnt_from() -> None:
    material = prepare(examples(THINGS[:2]), held_out=0)
    assert material.held == ()
    assert {text for texts in material.by_intent for text in texts} == {
        canonical(e.text) for e in examples(THINGS[:2])
    }


def test_a_pair_is_of_one_intent_and_no_two_pairs_are() -> None:
    material = prepare(examples())
    intent_of = {text: n for n, texts in enumerate(material.by_intent) for text in texts}
    for step in range(20):
        pairs = draw_pairs(material, pairs=8, seed=str(step))
        firsts = [intent_of[first] for first, _ in pairs]
        assert sorted(firsts) == [0, 1, 2]
        assert all(
            intent_of.get(second, n) == n for n, (_, second) in zip(firsts, pairs, strict=True)
        )
        assert all(first != second for first, second in pairs)


def test_the_same_seed_draws_the_same_pairs() -> None:
    material = prepare(examples(), ["客服在不在呀"])
    assert draw_pairs(material, pairs=8, seed="3") == draw_pairs(material, pairs=8, seed="3")
    drawn = {tuple(draw_pairs(material, pairs=8, seed=str(n))) for n in range(5)}
    assert len(drawn) == 5


def test_a_message_of_the_logs_is_paired_with_itself_mistyped() -> None:
    material = prepare(examples(), ["客服在不在呀", THINGS[0], examples()[0].text])
    assert set(material.loners) == {"客服在不在呀", THINGS[0]}  # what has a label is no loner
    pairs = dict(draw_pairs(material, pairs=8, seed="0"))
    assert pairs["客服在不在呀"] != "客服在不在呀"


def test_texts_out_of_scope_are_no_group_of_their_own() -> None:
    strange = [Example("今天股市怎么样", "out_of_scope"), Example("给我讲个笑话", "out_of_scope")]
    material = prepare([*examples(), *strange])
    assert len(material.by_intent) == 3
    texts = {canonical(e.text) for e in strange}
    assert set(material.loners) <= texts


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.txt", "快递呢\n\n在吗\n"),
        ("log.csv", "id,text\n1,快递呢\n2,在吗\n"),
        ("log.tsv", "快递呢\tapp\n在吗\tweb\n"),
        ("LOG.CSV", "id,text\n1,快递呢\n2,在吗\n"),
        ("LOG.TSV", "id\ttext\n1\t快递呢\n2\t在吗\n"),
    ],
)
def test_logs_are_lines_or_a_column(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read_logs(tmp_path / name) == ("快递呢", "在吗")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "holds no message"), ("快递".encode("gb18030"), "save the file as UTF-8")],
)
def test_logs_that_cannot_be_used_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "log.txt").write_bytes(content)
    with pytest.raises(BadTrainingData, match=message):
        read_logs(tmp_path / "log.txt")


def test_logs_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTrainingData, match="cannot be read"):
        read_logs(tmp_path / "log.txt")
