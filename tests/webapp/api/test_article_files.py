"""Imports over HTTP, and the files beside articles: who gets them, and how browsers treat them."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from handoff.agent import Role
from tests.webapp.pictures import picture
from tests.webapp.site import Site, make_site
from webapp.db.database import Database
from webapp.import_jobs import SILENT

GOOD = "---\ntitle: 退货\ntags: [售后]\n---\n\n# 退货\n\n签收后七天内可以退货。\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
IMPORT = "/api/v1/articles/import"
JOBS = "/api/v1/articles/imports"


@pytest.fixture
def editors(site: Site) -> Site:
    site.add_staff("ed", Role.EDITOR)
    site.add_staff("anna")
    return site


@pytest.fixture
def any_editors(any_site: Site) -> Site:
    """The same on SQLite and on PostgreSQL."""
    any_site.add_staff("ed", Role.EDITOR)
    return any_site


def upload(site: Site, *files: tuple[str, bytes], to: str = IMPORT, by: str = "ed"):
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    return site.post(to, by=by, data=data, content_type="multipart/form-data")


def zipped(files: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def finished(site: Site, job_id: str) -> dict:
    """The import when it has ended; it runs in a thread of its own."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = site.get(f"{JOBS}/{job_id}", by="ed").get_json()
        if job["state"] != "running":
            return job
    raise AssertionError("the import did not end")


def test_a_file_and_a_zip_are_imported(editors: Site) -> None:
    one = upload(editors, ("returns.md", GOOD.encode()))
    assert one.get_json()["added"] == ["returns"]
    files = {f"faq/a{n}.md": GOOD.encode() for n in range(3)}
    assert len(upload(editors, ("faq.zip", zipped(files))).get_json()["added"]) == 3


def test_bad_files_in_a_zip_are_named_and_the_good_ones_imported(editors: Site) -> None:
    files = {
        "good.md": GOOD.encode(),
        "gbk.md": GOOD.encode("gbk"),
        "bad.md": b"---\ntitle: [\n---\n\nx",
    }
    imported = upload(editors, ("faq.zip", zipped(files)))
    assert imported.status_code == 200
    report = imported.get_json()
    assert sorted(report["added"]) == ["gbk", "good"]
    (problem,) = report["failed"]
    assert (problem["file"], problem["line"]) == ("bad.md", 2)
    assert ";" in problem["message"]
    assert [remark["file"] for remark in report["remarks"]] == ["gbk.md"]
    listed = editors.get("/api/v1/articles", by="ed").get_json()["items"]
    assert sorted(article["id"] for article in listed) == ["gbk", "good"]


def test_a_zip_of_nothing_but_bad_files_is_refused(editors: Site) -> None:
    refused = upload(editors, ("faq.zip", zipped({"bad.md": b"---\ntitle: [\n---\n\nx"})))
    assert (refused.status_code, refused.get_json()["error"]) == (422, "BadArticle")
    assert [detail["file"] for detail in refused.get_json()["details"]] == ["bad.md"]


@pytest.mark.parametrize("name", ["../../evil.md", "/etc/evil.md", "..\\evil.md"])
def test_a_path_in_a_zip_cannot_leave_it(editors: Site, name: str) -> None:
    assert upload(editors, ("a.zip", zipped({name: GOOD.encode()}))).status_code == 422


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.zip", b"not a zip"),
        ("a.md", b""),
        ("../../a.md", b""),
        ("a.md", "cr\xe8me br\xfbl\xe9e".encode("latin-1")),
        ("a.png", picture()),
    ],
)
def test_a_file_that_is_no_article_is_refused(editors: Site, name: str, content: bytes) -> None:
    refused = upload(editors, (name, content))
    assert (refused.status_code, refused.get_json()["error"]) == (422, "BadArticle")


def test_an_upload_name_cannot_choose_a_folder(editors: Site) -> None:
    imported = upload(editors, ("../../../tmp/evil.md", GOOD.encode()))
    assert imported.get_json()["added"] == ["evil"]


@pytest.mark.parametrize("second", ["faq/returns.md", "faq.zip", "notes.txt"])
def test_files_of_which_one_would_be_passed_over_are_refused(editors: Site, second: str) -> None:
    refused = upload(editors, ("returns.md", GOOD.encode()), (second, GOOD.encode()))
    assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")
    assert editors.get("/api/v1/articles", by="ed").get_json()["items"] == []


def test_several_files_are_imported_together_with_their_pictures(editors: Site) -> None:
    shown = f"{GOOD}\n![门](door.png)\n".encode()
    imported = upload(
        editors, ("a.md", shown), ("b.markdown", GOOD.encode()), ("door.png", picture())
    )
    assert imported.get_json()["added"] == ["a", "b"]
    assert imported.get_json()["remarks"] == []
    html = editors.get("/api/v1/articles/a", by="anna").get_json()["html"]
    (file,) = editors.get("/api/v1/articles/files", by="anna").get_json()["items"]
    assert f'src="{file["url"]}"' in html
    assert file["used_by"] == ["a"]


def test_an_import_without_a_file_is_refused(editors: Site) -> None:
    for to in (IMPORT, JOBS):
        assert upload(editors, to=to).status_code == 422
        assert editors.post(to, by="ed", json={}).status_code == 422


@pytest.mark.parametrize("to", [IMPORT, JOBS])
def test_an_import_of_more_than_20_mb_is_refused(editors: Site, to: str) -> None:
    refused = editors.post(
        to,
        by="ed",
        data=b"x" * (20 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert (refused.status_code, refused.get_json()["error"]) == (413, "RequestEntityTooLarge")


def test_a_long_import_runs_by_itself_and_tells_how_far_it_is(any_editors: Site) -> None:
    files = {f"a{n}.md": GOOD.encode() for n in range(120)} | {"bad.md": b""}
    begun = upload(any_editors, ("faq.zip", zipped(files)), to=JOBS)
    assert begun.status_code == 202
    job = finished(any_editors, begun.get_json()["id"])
    assert (job["state"], job["done"], job["total"]) == ("done", 120, 120)
    assert len(job["report"]["added"]) == 120
    assert [problem["file"] for problem in job["report"]["failed"]] == ["bad.md"]
    assert list(any_editors.services.settings.imports_folder.iterdir()) == []


def test_a_long_import_of_nothing_readable_says_why(any_editors: Site) -> None:
    begun = upload(any_editors, ("faq.zip", zipped({"bad.md": b""})), to=JOBS)
    job = finished(any_editors, begun.get_json()["id"])
    assert job["state"] == "failed"
    assert [problem["file"] for problem in job["report"]["failed"]] == ["bad.md"]


def test_an_import_whose_process_is_gone_says_what_to_do(any_editors: Site) -> None:
    with any_editors.services.db.write() as work:
        work.import_jobs.add("f" * 32, by="ed", now=any_editors.clock())
    assert any_editors.get(f"{JOBS}/{'f' * 32}", by="ed").get_json()["state"] == "running"
    any_editors.clock.forward(seconds=SILENT.total_seconds() + 1)
    job = any_editors.get(f"{JOBS}/{'f' * 32}", by="ed").get_json()
    assert job["state"] == "failed"
    assert "import the same file again" in job["report"]["failed"][0]["message"]


def test_an_import_that_is_not_there_is_not_found(editors: Site) -> None:
    assert editors.get(f"{JOBS}/nothing", by="ed").status_code == 404


def add(site: Site, name: str, content: bytes, *, to: str = "returns"):
    return upload(site, (name, content), to=f"/api/v1/articles/{to}/files")


@pytest.fixture
def article(editors: Site) -> Site:
    upload(editors, ("returns.md", GOOD.encode()))
    return editors


def test_a_picture_is_added_and_shown_to_anybody_who_knows_it(article: Site) -> None:
    added = add(article, "门 口.png", picture())
    assert added.status_code == 201
    file = added.get_json()
    assert file["markdown"] == f"![门-口]({file['url']})"
    shown = article.get(file["url"])
    assert (shown.status_code, shown.data) == (200, picture())
    headers = shown.headers
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "immutable" in headers["Cache-Control"]
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "attachment" not in headers.get("Content-Disposition", "")
    again = article.get(file["url"], headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [("a.svg", SVG, "image/svg+xml"), ("a.pdf", b"%PDF-1.7\n", "application/pdf")],
)
def test_what_could_hold_a_script_is_saved_and_not_opened(
    article: Site, name: str, content: bytes, media_type: str
) -> None:
    file = add(article, name, content).get_json()
    shown = article.get(file["url"])
    assert shown.headers["Content-Type"].startswith(media_type)
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.html", b"<script>"), ("a.png", b"<script>"), ("a.exe", b"MZ"), ("a.png", b"")],
)
def test_a_file_that_may_not_be_kept_is_refused(article: Site, name: str, content: bytes) -> None:
    refused = add(article, name, content)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")
    assert article.get("/api/v1/articles/files", by="ed").get_json()["items"] == []


def test_a_file_belongs_to_an_article_that_is_there(article: Site) -> None:
    assert add(article, "a.png", picture(), to="nothing").status_code == 404
    nothing = upload(article, to="/api/v1/articles/returns/files")
    assert nothing.status_code == 422


@pytest.mark.parametrize("sha256", ["0" * 64, "..%2f..%2fjiedai.db", "x"])
def test_a_file_that_is_not_kept_is_not_found(article: Site, sha256: str) -> None:
    assert article.get(f"/files/{sha256}/a.png").status_code == 404


def test_an_export_can_be_imported_again_and_changes_nothing(editors: Site) -> None:
    shown = f"{GOOD}\n![门](door.png)\n".encode()
    upload(editors, ("a.md", shown), ("door.png", picture()))
    exported = editors.get("/api/v1/articles/export", by="ed")
    assert exported.status_code == 200
    assert exported.mimetype == "application/zip"
    assert "knowledge-20261122.zip" in exported.headers["Content-Disposition"]
    again = upload(editors, ("knowledge.zip", exported.data)).get_json()
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], ["a"])


@pytest.fixture
def reviewed(sqlite_db: Database, tmp_path: Path) -> Site:
    """An installation that publishes only what was reviewed."""
    site = make_site(sqlite_db, tmp_path, review_required=True)
    for name, role in (("ed", Role.EDITOR), ("eva", Role.EDITOR), ("chief", Role.SUPERVISOR)):
        site.add_staff(name, role)
    return site


def test_where_texts_are_reviewed_an_import_waits_for_the_reviewer_with_its_pictures(
    reviewed: Site,
) -> None:
    shown = f"{GOOD}\n![门](door.png)\n".encode()
    sent = (("a.md", shown), ("door.png", picture()))
    report = upload(reviewed, *sent).get_json()
    assert (report["waiting"], report["added"], report["failed"]) == (["a"], [], [])
    draft = reviewed.get("/api/v1/articles/a/draft", by="chief").get_json()
    assert (draft["state"], draft["author"], draft["problems"]) == ("review", "ed", [])
    assert "](/files/" in draft["markdown"]
    assert reviewed.get("/api/v1/articles/a", by="ed").get_json()["status"] == "review"
    assert upload(reviewed, *sent).get_json()["unchanged"] == ["a"]

    body = {"version": draft["version"]}
    approved = reviewed.post("/api/v1/articles/a/draft/approve", by="chief", json=body)
    assert (approved.status_code, approved.get_json()["updated_by"]) == (200, "ed")
    assert upload(reviewed, *sent).get_json()["unchanged"] == ["a"]


def test_importing_again_replaces_ones_own_waiting_text_and_nobody_elses(reviewed: Site) -> None:
    upload(reviewed, ("a.md", GOOD.encode()), ("b.md", GOOD.encode()))
    theirs = reviewed.get("/api/v1/articles/b/draft", by="ed").get_json()
    reviewed.post("/api/v1/articles/b/draft/withdraw", by="ed", json={"version": theirs["version"]})
    body = {"markdown": "# 退货\n\n我改的。\n", "version": theirs["version"] + 1}
    assert reviewed.put("/api/v1/articles/b/draft", by="eva", json=body).status_code == 200

    longer = GOOD.replace("七", "八").encode()
    begun = upload(reviewed, ("a.md", longer), ("b.md", longer), to=JOBS)
    report = finished(reviewed, begun.get_json()["id"])["report"]
    assert report["waiting"] == ["a"]
    (problem,) = report["failed"]
    assert (problem["file"], "eva works on a draft" in problem["message"]) == ("b.md", True)
    assert "eva" in problem["message_zh"] and problem["message_zh"] != problem["message"]
    mine = reviewed.get("/api/v1/articles/a/draft", by="ed").get_json()
    assert (mine["state"], "八天" in mine["markdown"]) == ("review", True)
    assert "我改的" in reviewed.get("/api/v1/articles/b/draft", by="ed").get_json()["markdown"]
