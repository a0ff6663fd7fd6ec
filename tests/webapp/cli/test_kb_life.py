"""`jiedai kb` about the life of an article: shown, compared, published, rolled back, archived."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.webapp.cli.conftest import run
from webapp import editing
from webapp.db.database import Database

CARE = "---\nid: care\ntitle: 洗护\n---\n\n## 怎么洗\n\n请用{water}手洗。\n"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("at_home")


@pytest.fixture(scope="module")
def prepared(
    made: tuple[Path, Result], small_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An installation with an article that was imported twice, and the draft of a third text."""
    folder = tmp_path_factory.mktemp("life") / "data"
    shutil.copytree(made[0], folder, symlinks=True)
    for water in ("冷水", "温水"):
        file = folder.parent / "care.md"
        file.write_text(CARE.format(water=water), encoding="utf-8")
        done = run("kb", "import", str(file), "--data", str(folder), home=small_home)
        assert done.exit_code == 0, done.output
    draft(folder, "凉水")
    return folder


@pytest.fixture
def care(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may spoil."""
    shutil.copytree(prepared, tmp_path / "data", symlinks=True)
    return tmp_path / "data"


def draft(folder: Path, water: str = "", *, text: str = "", version: int = 0) -> None:
    database = Database(f"sqlite:///{folder / 'jiedai.db'}")
    with database.write() as work:
        text = text or CARE.format(water=water)
        editing.save_draft(work, "care", text, seen_version=version, by="小李", now=NOW)
    database.dispose()


def kb(folder: Path, *arguments: str) -> Result:
    return run("kb", *arguments, "--data", str(folder))


def told(folder: Path, *arguments: str) -> Any:
    result = kb(folder, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_articles_are_listed_and_shown(care: Path) -> None:
    line = next(line for line in kb(care, "list").stdout.splitlines() if line.startswith("care"))
    assert line == "care  published  r2  洗护  (draft: draft, 小李)"
    listed = {item["id"]: item for item in told(care, "list")}
    assert listed["care"]["draft"]["state"] == "draft"
    assert told(care, "list", "--status", "archived") == []
    assert "温水" in kb(care, "show", "care").stdout
    assert kb(care, "show", "care", "--draft").stdout == CARE.format(water="凉水")
    shown = told(care, "show", "care", "--revision", "1")
    assert (shown["number"], "冷水" in shown["markdown"]) == (1, True)


def test_the_history_says_who_did_what_and_which_text_is_live(care: Path) -> None:
    steps = told(care, "history", "care")
    assert [(s["number"], s["state"], s["by"], s["live"]) for s in steps] == [
        (3, "draft", "小李", False),
        (2, "published", "jiedai kb import", True),
        (1, "published", "jiedai kb import", False),
    ]
    first = kb(care, "history", "care").stdout.splitlines()[0]
    assert first == "3  2026-11-22 16:00  draft  小李"


def test_two_texts_are_compared_line_by_line(care: Path) -> None:
    shown = kb(care, "diff", "care").stdout.splitlines()
    assert "- 请用[温]水手洗。" in shown
    assert "+ 请用[凉]水手洗。" in shown
    assert "  ## 怎么洗" in shown
    compared = told(care, "diff", "care", "1", "2")
    assert [row["kind"] for row in compared["rows"]].count("changed") == 1


def test_a_draft_is_published_and_an_earlier_text_brought_back(care: Path) -> None:
    done = told(care, "publish", "care", "--reason", "改水温")
    assert done == {"id": "care", "status": "published", "revision": 4}
    assert "凉水" in kb(care, "show", "care").stdout
    assert told(care, "rollback", "care", "1")["revision"] == 5
    assert "冷水" in kb(care, "show", "care").stdout
    newest = told(care, "history", "care")[0]
    assert (newest["restores"], newest["by"]) == (1, "jiedai kb")


def test_a_draft_with_words_of_the_template_is_held_up(care: Path) -> None:
    left = CARE.format(water="凉水").replace("洗护", "文章标题").replace("怎么洗", "小标题")
    draft(care, text=left, version=1)
    held = kb(care, "publish", "care")
    assert held.exit_code == 2
    assert "`小标题` is still as the template has it" in held.stderr
    assert "小标题" not in kb(care, "show", "care").stdout


def test_a_draft_is_scheduled_in_the_time_zone_of_the_installation(care: Path) -> None:
    scheduled = kb(care, "publish", "care", "--at", "2027-05-01 09:00")
    assert scheduled.exit_code == 0, scheduled.output
    assert "is scheduled" in scheduled.stderr
    listed = {item["id"]: item for item in told(care, "list")}
    assert listed["care"]["draft"]["publish_at"] == "2027-05-01T01:00:00Z"


def test_what_tests_speak_against_is_held_up_until_a_reason_is_given(
    care: Path, tmp_path: Path
) -> None:
    test = "tests:\n  - question: 怎么洗\n    heading: {heading}\n"
    file = tmp_path / "care.md"
    file.write_text(
        CARE.format(water="热水").replace("---\n\n", test.format(heading="晾晒") + "---\n\n")
    )
    held = kb(care, "import", str(file))
    assert held.exit_code == 1
    assert "1 held up by tests" in held.stderr
    assert "its own '怎么洗' wants 晾晒, finds care / 怎么洗" in held.stderr
    assert told(care, "show", "care")["number"] == 2
    taken = kb(care, "import", str(file), "--override", "明天补晾晒")
    assert taken.exit_code == 0, taken.output
    assert "明天补晾晒" in told(care, "history", "care")[0]["reason"]

    live = told(care, "show", "care")["number"]
    assert told(care, "rollback", "care", "1")["revision"] == live + 1
    refused = kb(care, "rollback", "care", str(live))
    assert (refused.exit_code, "--override REASON" in refused.stderr) == (1, True)
    assert "wants 晾晒" in refused.stderr
    told(care, "rollback", "care", str(live), "--override", "照旧")
    told(care, "archive", "care")
    assert kb(care, "restore", "care").exit_code == 1
    told(care, "restore", "care", "--override", "照旧")
    assert kb(care, "restore", "care").exit_code == 2


def test_an_article_is_archived_and_kept(care: Path) -> None:
    assert told(care, "archive", "care", "--reason", "停产")["status"] == "archived"
    assert "care" not in {item["id"] for item in told(care, "list")}
    assert told(care, "history", "care")[0]["reason"] == "停产"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "none"), "no article none"),
        (("publish", "invoice"), "no draft"),
        (("rollback", "care", "77"), "no revision 77"),
        (("show", "care", "--revision", "77"), "no revision 77"),
        (("diff", "care", "x"), "is no text"),
        (("show", "care", "--draft", "--revision", "1"), "name one"),
        (("publish", "care", "--at", "morgen"), "is no time"),
        (("publish", "care", "--at", "2020-01-01"), "is past"),
    ],
)
def test_what_cannot_be_meant_is_bad_input_with_its_remedy(
    care: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = kb(care, *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True), result.output
