"""Importing: the good goes in, the bad is told, a killed import leaves whole articles only."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.article import ArticleStatus
from knowledge.errors import BadArticle
from knowledge.loader import read_article
from knowledge.template import TEMPLATES
from tests.webapp.pictures import GPS, exif_of, from_phone, picture
from tests.webapp.test_publish import Letters
from webapp.db.database import Database
from webapp.file_store import FileStore
from webapp.importing import SMALLEST_PART, Importer
from webapp.publish import Publisher

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def importer(
    db: Database, folder: Path, encode: Letters | None = None, *, zone: str = "Asia/Shanghai"
) -> Importer:
    publisher = Publisher(db, encode=encode or Letters(), encoder="letters")
    return Importer(db, publisher, FileStore(folder / "kept"), zone=ZoneInfo(zone))


def write(folder: Path, **files: str) -> Path:
    source = folder / "kb"
    source.mkdir(exist_ok=True)
    for name, text in files.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    return source


def published(db: Database) -> dict[str, str]:
    with db.read() as work:
        return {article.id: article.body for article in work.articles.published()}


def test_importing_again_leaves_what_is_unchanged_alone(db: Database, tmp_path: Path) -> None:
    encode = Letters()
    ours = importer(db, tmp_path, encode)
    source = write(
        tmp_path, returns="# 退货\n\n七天内可以退货。\n", invoice="# 发票\n\n开票要两天。\n"
    )
    first = ours.import_path(source, by="cli", now=NOW)
    encoded = len(encode.encoded)
    with db.read() as work:
        generation = work.articles.generation()

    again = ours.import_path(source, by="cli", now=NOW)

    assert sorted(first.added) == ["invoice", "returns"]
    assert sorted(again.unchanged) == ["invoice", "returns"]
    assert (again.added, again.changed) == ((), ())
    assert len(encode.encoded) == encoded
    with db.read() as work:
        assert work.articles.generation() == generation

    write(tmp_path, invoice="# 发票\n\n开票要三天。\n")
    assert ours.import_path(source, by="cli", now=NOW).changed == ("invoice",)


def test_an_archived_article_comes_back_with_an_import(db: Database, tmp_path: Path) -> None:
    ours = importer(db, tmp_path)
    source = write(tmp_path, returns="# 退货\n\n七天内可以退货。\n")
    ours.import_path(source, by="cli", now=NOW)
    ours.publisher.archive("returns", by="小李", now=NOW)

    assert ours.import_path(source, by="cli", now=NOW).changed == ("returns",)
    with db.read() as work:
        assert work.articles.get("returns").status is ArticleStatus.PUBLISHED


def test_good_files_go_in_and_bad_ones_are_told(db: Database, tmp_path: Path) -> None:
    source = write(
        tmp_path,
        good="# 退货\n\n七天。\n",
        bad="---\ntitle: [1\n---\n内容\n",
        long=f"---\ntitle: {'退' * 301}\n---\n内容\n",
    )

    imported = importer(db, tmp_path).import_path(source, by="cli", now=NOW)

    assert imported.added == ("good",)
    assert [(problem.file, problem.line) for problem in imported.failed] == [
        ("bad.md", 2), ("long.md", None),
    ]  # fmt: skip
    assert "title has 301 characters; write at most 300" in imported.failed[1].message
    assert list(published(db)) == ["good"]


def test_an_article_that_still_says_what_the_template_says_is_held_up(
    db: Database, tmp_path: Path
) -> None:
    source = write(tmp_path, good="# 退货\n\n七天。\n", new=TEMPLATES["zh"].source())

    imported = importer(db, tmp_path).import_path(source, by="cli", now=NOW)

    assert [(problem.file, problem.line) for problem in imported.failed] == [
        ("new.md", 2), ("new.md", 5), ("new.md", 8), ("new.md", 10),
    ]  # fmt: skip
    assert "文章标题" in imported.failed[0].message
    assert list(published(db)) == ["good"]


def test_an_article_that_is_live_with_words_of_the_template_may_be_imported_again(
    db: Database, tmp_path: Path
) -> None:
    text = "---\nid: a\ntitle: 文章标题\n---\n\n七天。\n"
    importer(db, tmp_path).publisher.publish(read_article(text, file="a.md"), by="cli", now=NOW)

    source = write(tmp_path, a=text.replace("七天", "八天"))
    imported = importer(db, tmp_path).import_path(source, by="cli", now=NOW)

    assert (imported.changed, imported.failed) == (("a",), ())


def test_when_everything_is_bad_nothing_is_imported(db: Database, tmp_path: Path) -> None:
    source = write(tmp_path, bad="---\ntitle: [1\n---\n内容\n")
    with pytest.raises(BadArticle, match=r"bad\.md"):
        importer(db, tmp_path).import_path(source, by="cli", now=NOW)
    assert published(db) == {}


def test_progress_is_told_from_nothing_to_everything(db: Database, tmp_path: Path) -> None:
    count = SMALLEST_PART * 2 + 1
    source = write(tmp_path, **{f"a{n}": f"# {n}\n\n第{n}条。\n" for n in range(count)})
    told: list[tuple[int, int]] = []
    importer(db, tmp_path).import_path(
        source, by="cli", now=NOW, progress=lambda done, total: told.append((done, total))
    )
    assert told == [
        *[(0, count)] * 3,  # twice while the files are read
        (SMALLEST_PART, count),
        (2 * SMALLEST_PART, count),
        (count, count),
    ]


class Dying(Letters):
    """Takes its process with it, as a power cut would, when it is to encode a certain text."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any(self._at in text for text in texts):
            os._exit(9)
        return super().__call__(texts)


def test_a_killed_import_leaves_whole_articles_and_is_completed_by_the_next(
    sqlite_db: Database, tmp_path: Path
) -> None:
    count = SMALLEST_PART * 2
    bodies = {f"a{n:03}": f"# 标题{n}\n\n第{n}条。\n" for n in range(count)}
    source = write(tmp_path, **bodies)
    child = os.fork()
    if child == 0:
        try:
            db = Database(sqlite_db.url)
            encode = Dying(f"第{count - 1}条")
            importer(db, tmp_path, encode).import_path(source, by="cli", now=NOW)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9

    left = published(sqlite_db)
    assert 0 < len(left) < count
    assert all(left[name] == bodies[name].strip() for name in left)

    done = importer(sqlite_db, tmp_path).import_path(source, by="cli", now=NOW)
    assert sorted(done.unchanged) == sorted(left)
    assert len(done.added) == count - len(left)
    assert len(published(sqlite_db)) == count


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_picture_is_kept_once_without_its_place_and_shown_by_its_content(
    db: Database, tmp_path: Path
) -> None:
    files = {
        "a.md": "# 门店\n\n看 ![门口](门口.jpg)".encode(),
        "手机/b.md": "# 地址\n\n看 ![门口](../门口.jpg)".encode(),
        "门口.jpg": from_phone(),
    }
    ours = importer(db, tmp_path)
    imported = ours.import_path(zipped(tmp_path / "a.zip", files), by="小李", now=NOW)
    assert (imported.failed, imported.remarks) == ((), ())
    with db.read() as work:
        (kept,) = work.article_files.all()
        users, orphans = work.article_files.users(), work.article_files.orphans()
    assert (kept.name, kept.media_type, kept.added_by) == ("门口.jpg", "image/jpeg", "小李")
    assert users == {kept.sha256: ["a", "手机-b"]}
    assert orphans == []
    data = ours.files.path(kept.sha256).read_bytes()
    assert not exif_of(data).get_ifd(GPS)
    assert len(data) == kept.size
    assert all(f"](/files/{kept.sha256}/" in body for body in published(db).values())

    files["门口.jpg"] = picture("JPEG", colour="blue")
    changed = ours.import_path(zipped(tmp_path / "a.zip", files), by="小陈", now=NOW)
    assert sorted(changed.changed) == ["a", "手机-b"]
    with db.read() as work:
        assert (
            work.article_files.orphans() == []
        )  # an earlier text that one can go back to shows it


def test_the_picture_of_an_article_that_is_not_in_is_an_orphan(
    db: Database, tmp_path: Path
) -> None:
    same = "---\nid: same\n---\n\n看 ![门口](a.png)".encode()
    files = {"a.md": same, "b.md": same, "c.md": "# 好\n\n七天。".encode(), "a.png": picture()}
    ours = importer(db, tmp_path)
    imported = ours.import_path(zipped(tmp_path / "a.zip", files), by="小李", now=NOW)
    assert (imported.added, len(imported.failed)) == (("c",), 2)
    with db.read() as work:
        assert [file.name for file in work.article_files.orphans()] == ["a.png"]


def test_a_file_that_no_text_shows_is_an_orphan(db: Database, tmp_path: Path) -> None:
    unused = FileStore(tmp_path).put("a.png", picture())
    with db.write() as work:
        work.article_files.put(unused, by="小李", now=NOW)
        work.article_files.put(unused, by="小陈", now=NOW)
    with db.read() as work:
        (orphan,) = work.article_files.orphans()
    assert (orphan.sha256, orphan.added_by, orphan.added_at) == (unused.sha256, "小李", NOW)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "kept")
    first = store.put("a.png", picture())
    again = store.put("b.png", picture())
    assert first.sha256 == again.sha256
    assert (first.name, again.name) == ("a.png", "b.png")
    assert [path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()] == [
        first.sha256
    ]
    with pytest.raises(ValueError, match="SHA-256"):
        store.path("../../etc/passwd")


@pytest.mark.parametrize("name", ["../../a.png", "C:\\a.png", "/etc/a.png", "a.png"])
def test_a_name_cannot_choose_a_folder(tmp_path: Path, name: str) -> None:
    assert FileStore(tmp_path).put(name, picture()).name == "a.png"


def test_times_without_a_zone_are_in_the_installations(sqlite_db: Database, tmp_path: Path) -> None:
    source = write(
        tmp_path,
        soon="---\npublish_at: 2026-11-22 10:00\n---\n\n# 退货\n\n七天。\n",
        later="---\npublish_at: 2026-11-22 09:30:00+01:00\n---\n\n# 发票\n\n两天。\n",
    )
    ours = importer(sqlite_db, tmp_path, zone="Europe/Paris")
    ours.import_path(source, by="cli", now=NOW)
    with sqlite_db.read() as work:
        times = {name: work.drafts.get(name).publish_at for name in ("soon", "later")}
    assert times["soon"] == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert times["later"] == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
