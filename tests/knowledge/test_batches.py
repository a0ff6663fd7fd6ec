"""Reading many files: the good ones are taken, the bad ones named, the unsafe ones not touched."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from knowledge.errors import BadArticle
from knowledge.loader import Batch, load_batch
from knowledge.media import BadMedia

GOOD = "# 退货\n\n七天内可以退货。\n"


def zipped(path: Path, files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def zip_from_windows(path: Path, files: dict[str, str], encoding: str) -> Path:
    """A zip with names in an encoding that it does not tell: bit 11 is not set."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for number, content in enumerate(files.values()):
            archive.writestr(f"name{number:04}", content)
    data = memory.getvalue()
    for number, name in enumerate(files):
        data = _renamed(data, f"name{number:04}".encode(), name.encode(encoding))
    path.write_bytes(data)
    return path


def _renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with another name of the same entry in both of its headers."""
    local = data.index(old)
    data = (
        data[: local - 4]
        + struct.pack("<H", len(new))
        + data[local - 2 : local]
        + new
        + (data[local + len(old) :])
    )
    central = data.rindex(old)
    start = central - 46
    data = (
        data[: start + 28] + struct.pack("<H", len(new)) + data[start + 30 : central] + new
        + data[central + len(old) :]
    )  # fmt: skip
    return _with_offsets(data)


def _with_offsets(data: bytes) -> bytes:
    """The directory's places counted anew after names changed their length."""
    locals_, at = [], 0
    while (at := data.find(b"PK\x03\x04", at)) >= 0:
        locals_.append(at)
        at += 4
    directory = data.index(b"PK\x01\x02")
    whole = bytearray(data)
    at = directory
    for offset in locals_:
        at = data.index(b"PK\x01\x02", at)
        struct.pack_into("<I", whole, at + 42, offset)
        at += 4
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<II", whole, end + 12, end - directory, directory)
    return bytes(whole)


def ids(batch: Batch) -> list[str]:
    return [loaded.article.id for loaded in batch.loaded]


def failed(batch: Batch) -> dict[str, str]:
    return {problem.file: problem.message for problem in batch.problems}


def test_good_files_are_read_and_bad_ones_named_with_line_and_remedy(tmp_path: Path) -> None:
    files = {
        "good.md": GOOD,
        "front.md": "---\ntitle: 好\ntags: {a: 1}\n---\n正文",
        "empty.md": "",
        "latin.md": "cr\xe8me br\xfbl\xe9e".encode("latin-1"),
        "nul.md": b"a\nb\0",
    }
    batch = load_batch(zipped(tmp_path / "a.zip", files))
    assert ids(batch) == ["good"]
    assert [(p.file, p.line) for p in batch.problems] == [
        ("empty.md", None), ("front.md", 3), ("latin.md", 1), ("nul.md", 2),
    ]  # fmt: skip
    assert all(";" in problem.message for problem in batch.problems)


def test_files_of_one_zip_may_have_several_encodings_and_it_is_told(tmp_path: Path) -> None:
    files = {
        "a.md": GOOD.encode("utf-8-sig"),
        "b.md": GOOD.replace("\n", "\r\n").encode("gbk"),
        "c.md": "# 退貨\n\n七天內可以退貨，請聯絡客服。\n".encode("big5"),
        "d.md": GOOD.encode("utf-16"),
    }
    batch = load_batch(zipped(tmp_path / "a.zip", files))
    assert batch.problems == []
    bodies = [loaded.article.body for loaded in batch.loaded]
    assert bodies == [
        GOOD.strip(),
        GOOD.strip(),
        "# 退貨\n\n七天內可以退貨，請聯絡客服。",
        GOOD.strip(),
    ]
    told = {remark.file: remark.message for remark in batch.remarks}
    assert sorted(told) == ["b.md", "c.md", "d.md"]
    assert "GBK" in told["b.md"]
    assert "Big5" in told["c.md"]
    assert "UTF-16" in told["d.md"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_a_zip_from_windows_are_read(tmp_path: Path, encoding: str) -> None:
    files = {"售后/退货.md": GOOD, "售后/换货运费.md": GOOD, "english.md": GOOD}
    batch = load_batch(zip_from_windows(tmp_path / "a.zip", files, encoding))
    assert sorted(ids(batch)) == ["english", "售后-换货运费", "售后-退货"]


def test_names_in_big5_are_read(tmp_path: Path) -> None:
    batch = load_batch(zip_from_windows(tmp_path / "a.zip", {"發票問題.md": GOOD}, "big5"))
    assert ids(batch) == ["發票問題"]


@pytest.mark.parametrize(
    "name", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:\\evil.md", "..\\evil.md"]
)
def test_an_entry_that_leads_out_is_named_and_the_rest_read(tmp_path: Path, name: str) -> None:
    batch = load_batch(zipped(tmp_path / "a.zip", {name: GOOD, "good.md": GOOD}))
    assert ids(batch) == ["good"]
    assert "leads out of the zip" in failed(batch)["a.zip"]


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in failed(load_batch(tmp_path / "a.zip"))["a.zip"]


@pytest.mark.parametrize("name", ["inner.zip", "inner.7z", "inner.tar.gz", "inner.RAR"])
def test_an_archive_in_a_zip_is_not_opened(tmp_path: Path, name: str) -> None:
    inner = zipped(tmp_path / "inner", {"a.md": GOOD}).read_bytes()
    batch = load_batch(zipped(tmp_path / "a.zip", {name: inner, "good.md": GOOD}))
    assert ids(batch) == ["good"]
    assert "unpack it" in failed(batch)[name]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.zip", {"bomb.md": b"0" * 1_500_000, "good.md": GOOD})
    batch = load_batch(bomb)
    assert ids(batch) == ["good"]
    assert "zip bomb" in failed(batch)["bomb.md"]


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"liar.md": b"0" * 5_000_000, "good.md": GOOD})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    assert struct.unpack_from("<I", data, place + 24) == (5_000_000,)
    struct.pack_into("<I", data, place + 24, 100)
    path.write_bytes(data)
    batch = load_batch(path)
    assert ids(batch) == ["good"]
    assert "cannot be unpacked" in failed(batch)["liar.md"]


def test_a_locked_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"locked.md": GOOD, "good.md": GOOD})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark)
        data[place + offset] |= 1
    path.write_bytes(data)
    batch = load_batch(path)
    assert ids(batch) == ["good"]
    assert "password" in failed(batch)["locked.md"]


def test_of_two_files_with_one_id_none_is_taken_and_both_are_named(tmp_path: Path) -> None:
    same = "---\nid: same\n---\n正文"
    batch = load_batch(zipped(tmp_path / "a.zip", {"a.md": same, "b.md": same, "c.md": GOOD}))
    assert ids(batch) == ["c"]
    assert "b.md" in failed(batch)["a.md"]
    assert "a.md" in failed(batch)["b.md"]


def test_folders_are_categories_where_the_front_matter_has_none(tmp_path: Path) -> None:
    files = {
        "手机/屏幕/碎屏/保修/a.md": GOOD,
        "手机/b.md": "---\ncategory: 售后/退货\n---\n正文",
        "c.md": GOOD,
    }
    batch = load_batch(zipped(tmp_path / "kb.zip", files))
    assert {one.file: one.article.category for one in batch.loaded} == {
        "手机/屏幕/碎屏/保修/a.md": ("手机", "屏幕", "碎屏"),
        "手机/b.md": ("售后", "退货"),
        "c.md": (),
    }


def test_the_folder_that_was_packed_is_no_category(tmp_path: Path) -> None:
    files = {"kb/售后/a.md": GOOD, "kb/b.md": GOOD}
    batch = load_batch(zipped(tmp_path / "kb.zip", files))
    assert [one.article.category for one in batch.loaded] == [(), ("售后",)]


class Kept:
    """Keeps everything but what is called bad."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def __call__(self, name: str, data: bytes) -> str:
        if name.startswith("bad"):
            raise BadMedia("its name says one thing; save it anew.")
        self.files[name] = data
        return f"/files/{len(data)}/{name}"


def test_pictures_that_articles_refer_to_are_kept_and_linked(tmp_path: Path) -> None:
    files = {
        "手机/a.md": "图 ![屏](../img/屏.png)[说明](a.pdf)[别的](b.md)![](bad.png) ![](no.png)",
        "img/屏.png": b"12345",
        "img/unused.png": b"1",
        "手机/a.pdf": b"123",
        "手机/bad.png": b"x",
        "手机/left.docx": b"x",
    }
    kept = Kept()
    batch = load_batch(zipped(tmp_path / "a.zip", files), keep=kept)
    assert kept.files == {"屏.png": b"12345", "a.pdf": b"123"}
    (one,) = batch.loaded
    assert one.article.body == (
        "图 ![屏](/files/5/屏.png)[说明](/files/3/a.pdf)[别的](b.md)![](bad.png) ![](no.png)"
    )
    remarks = sorted((remark.file, remark.message) for remark in batch.remarks)
    assert [file for file, _ in remarks] == ["手机/a.md", "手机/a.md", "手机/left.docx"]
    assert "no.png" in remarks[1][1]
    assert "bad.png" in remarks[0][1]
    assert batch.problems == []


def test_another_picture_of_the_same_name_is_another_text(tmp_path: Path) -> None:
    hashes = []
    for content in (b"1", b"22"):
        files = {"a.md": "![](a.png) 字", "a.png": content}
        batch = load_batch(zipped(tmp_path / "a.zip", files), keep=Kept())
        hashes.append(batch.loaded[0].article.content_hash)
    assert hashes[0] != hashes[1]


def test_one_file_takes_its_pictures_from_its_folder_and_from_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "a.png").write_bytes(b"picture")
    (folder / "a.md").write_text("图 ![](a.png) ![](../secret.png) ![](link.png)", encoding="utf-8")
    kept = Kept()
    load_batch(folder / "a.md", keep=kept)
    assert kept.files == {"a.png": b"picture"}


def test_a_link_in_a_folder_that_leads_out_is_named_and_the_rest_read(tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    (folder / "a.md").symlink_to(tmp_path / "secret.md")
    (folder / "b.md").write_text(GOOD, encoding="utf-8")
    batch = load_batch(folder)
    assert ids(batch) == ["b"]
    assert "leads out of the folder" in failed(batch)["a.md"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip"])
def test_what_is_no_zip_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(BadArticle):
        load_batch(tmp_path / "a.zip")


def test_a_folder_with_names_in_gbk_is_read(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "kb")
    (tmp_path / "kb").mkdir()
    name = os.fsdecode(folder + b"/" + "退货说明.md".encode("gbk"))
    Path(name).write_text("看图 ![门](door.png)", encoding="utf-8")
    (tmp_path / "kb" / "door.png").write_bytes(b"1")
    kept = Kept()
    batch = load_batch(tmp_path / "kb", keep=kept)
    assert (ids(batch), batch.problems) == (["退货说明"], [])
    assert kept.files == {"door.png": b"1"}
