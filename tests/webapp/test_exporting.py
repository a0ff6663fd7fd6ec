"""Exporting: what is written is everything, and importing it again changes nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.webapp.pictures import from_phone, picture
from tests.webapp.test_importing import importer, published, write, zipped
from webapp.db import tables
from webapp.db.database import Database
from webapp.exporting import Exporter

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
RICH = """\
---
id: Screen
title: "碎屏: 怎么办? #1"
category: 手机/屏幕/碎屏 3:1
product: X1
versions: ["2", "3.0"]
channels: [web]
tags: [售后, "yes", "null", "2026-01-01"]
publish_at: 2026-11-01 09:00
valid_until: 2027-01-31
questions: ["屏幕碎了怎么办 -> 换屏", 'it''s "broken"']
tests:
  - {question: 换屏多少钱, heading: 换屏}
  - {question: 今天天气, heading: null}
author: 别的程序写的
---

## 换屏

    缩进的代码

门店能换，看 ![门口](img/门口.jpg) 和 [价目](<img/价 目.pdf>)。

```
![不是图](img/门口.jpg)
```
"""
FILES = {
    "kb/a.md": RICH.encode(),
    "kb/img/门口.jpg": from_phone(),
    "kb/img/价 目.pdf": b"%PDF-1.7\n",
    "kb/手机/b.md": "# 地址\r\n\r\n看 ![门口](门口.jpg)\r\n".encode("gbk"),
    "kb/手机/门口.jpg": picture("JPEG"),
    "kb/手机/c.md": "# 地图\n\n看 ![门口](../img/门口.jpg)\n".encode(),
    "kb/screen.md": "---\nid: screen\n---\n只是小写\n".encode(),
}


def exported(db: Database, folder: Path) -> dict[str, bytes]:
    """The export of an installation by name of its files."""
    memory = io.BytesIO()
    Exporter(db, importer(db, folder).files).to_zip(memory)
    with zipfile.ZipFile(memory) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_importing_an_export_again_changes_nothing(db: Database, tmp_path: Path) -> None:
    ours = importer(db, tmp_path)
    first = ours.import_path(zipped(tmp_path / "kb.zip", FILES), by="小李", now=NOW)
    assert (len(first.added), first.failed) == (4, ())
    bodies = published(db)

    again = ours.import_path(
        zipped(tmp_path / "again.zip", exported(db, tmp_path)), by="x", now=NOW
    )

    assert (again.added, again.changed, again.failed, again.remarks) == ((), (), (), ())
    assert sorted(again.unchanged) == sorted(first.added)
    assert published(db) == bodies


def test_an_export_goes_into_an_empty_installation_and_comes_out_the_same(
    sqlite_db: Database, postgres_db: Database, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    importer(sqlite_db, ours).import_path(zipped(ours / "kb.zip", FILES), by="小李", now=NOW)
    whole = exported(sqlite_db, ours)

    imported = importer(postgres_db, theirs).import_path(
        zipped(theirs / "whole.zip", whole), by="小陈", now=NOW
    )

    assert (len(imported.added), imported.failed, imported.remarks) == (4, (), ())
    assert published(postgres_db) == published(sqlite_db)
    assert exported(postgres_db, theirs) == whole


def test_articles_lie_in_folders_of_their_category_with_pictures_beside(
    sqlite_db: Database, tmp_path: Path
) -> None:
    source = zipped(tmp_path / "kb.zip", FILES)
    importer(sqlite_db, tmp_path).import_path(source, by="小李", now=NOW)
    whole = exported(sqlite_db, tmp_path)
    names = sorted(whole)
    assert "手机/屏幕/碎屏 3-1/Screen.md" in names
    assert "手机/屏幕/碎屏 3-1/files/门口.jpg" in names
    assert "手机/屏幕/碎屏 3-1/files/价-目.pdf" in names
    assert "手机/kb-手机-b.md" in names
    assert "screen.md" in names
    of_phones = [name for name in names if name.startswith("手机/files/")]
    assert len(of_phones) == 2  # two pictures of one name
    assert "![门口](files/" in whole["手机/kb-手机-c.md"].decode()
    assert "![不是图](img/门口.jpg)" in whole["手机/屏幕/碎屏 3-1/Screen.md"].decode()


def test_a_folder_is_written_whole_and_never_over_another(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ours = importer(sqlite_db, tmp_path)
    ours.import_path(write(tmp_path, returns="# 退货\n\n七天。\n"), by="x", now=NOW)
    exporter = Exporter(sqlite_db, ours.files)
    done = exporter.to_folder(tmp_path / "out")
    assert (done.articles, done.files, done.missing) == (1, 0, [])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["returns.md"]
    (tmp_path / "out" / "mine.md").write_text("我的", encoding="utf-8")
    with pytest.raises(OSError, match="not empty"):
        exporter.to_folder(tmp_path / "out")
    assert (tmp_path / "out" / "mine.md").read_text(encoding="utf-8") == "我的"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_picture_that_is_gone_is_named_and_the_rest_written(
    sqlite_db: Database, tmp_path: Path
) -> None:
    ours = importer(sqlite_db, tmp_path)
    ours.import_path(zipped(tmp_path / "kb.zip", FILES), by="小李", now=NOW)
    with sqlite_db.read() as work:
        (pdf,) = [file for file in work.article_files.all() if file.name.endswith(".pdf")]
    ours.files.path(pdf.sha256).unlink()
    done = Exporter(sqlite_db, ours.files).to_zip(io.BytesIO())
    assert done.articles == 4
    assert [missing.split(":")[0] for missing in done.missing] == ["Screen"]


def test_articles_of_an_earlier_version_count_as_unchanged(db: Database, tmp_path: Path) -> None:
    """Their hash was that of the file as it was written."""
    ours = importer(db, tmp_path)
    source = write(tmp_path, returns="# 退货\n\n七天。\n")
    ours.import_path(source, by="x", now=NOW)
    with db.write() as work:
        work.session.execute(update(tables.articles).values(content_hash="0" * 64))
    assert ours.import_path(source, by="x", now=NOW).unchanged == ("returns",)
