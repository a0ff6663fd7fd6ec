"""Documents over HTTP: recognised first, articles only when somebody has looked."""

from __future__ import annotations

import base64
import io

import pytest

from handoff.agent import Role
from tests.webapp.office import PICTURE, docx, heading, paragraph, xlsx
from tests.webapp.pictures import GPS, exif_of, from_phone, picture
from tests.webapp.site import Site

CONVERT = "/api/v1/articles/convert"


@pytest.fixture
def editors(site: Site) -> Site:
    site.add_staff("ed", Role.EDITOR)
    return site


def upload(site: Site, name: str, content: bytes):
    data = {"file": [(io.BytesIO(content), name)]}
    return site.post(CONVERT, by="ed", data=data, content_type="multipart/form-data")


def test_a_word_file_is_shown_whole_and_in_parts_and_is_no_article_yet(editors: Site) -> None:
    data = docx(
        heading("手册", 1),
        heading("几天能退", 2),
        paragraph("七天内。"),
        heading("地址", 2),
        paragraph("看图。"),
        PICTURE,
        picture=picture(),
    )
    answer = upload(editors, "手册.docx", data)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    (document,) = answer.get_json()["documents"]
    assert document["title"] == "手册"
    assert [part["title"] for part in document["parts"]] == ["几天能退", "地址"]
    (file,) = editors.get("/api/v1/articles/files", by="ed").get_json()["items"]
    assert f"![门口]({file['url']})" in document["markdown"]
    assert file["url"] in document["parts"][1]["markdown"]
    assert file["used_by"] == []
    assert editors.get(file["url"]).data == picture()
    assert editors.get("/api/v1/articles", by="ed").get_json()["items"] == []

    source = f"---\ntitle: 手册\n---\n\n{document['markdown']}\n"
    made = editors.post("/api/v1/articles", by="ed", json={"markdown": source})
    assert made.status_code == 201
    files = editors.get("/api/v1/articles/files", by="ed").get_json()["items"]
    assert files[0]["used_by"] == [made.get_json()["id"]]


def test_pictures_of_a_document_tell_nothing_of_where_they_were_taken(editors: Site) -> None:
    html = b"<h1>a</h1><p>b</p><img src='data:image/jpeg;base64,"
    upload(editors, "a.html", html + base64.b64encode(from_phone()) + b"'>")
    (file,) = editors.get("/api/v1/articles/files", by="ed").get_json()["items"]
    assert not exif_of(editors.get(file["url"]).data).get_ifd(GPS)


@pytest.mark.parametrize(
    ("name", "content", "words", "chinese"),
    [
        ("a.docx", b"no", "save it anew", "重新保存"),
        ("a.exe", b"MZ", "not converted", "不能转换"),
        ("a.xlsx", xlsx(a=[]), "nothing in any", "每张表都是空的"),
    ],
)
def test_what_cannot_be_converted_is_refused_in_both_languages(
    editors: Site, name: str, content: bytes, words: str, chinese: str
) -> None:
    refused = upload(editors, name, content)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "InvalidInput")
    assert words in refused.get_json()["message"]
    assert chinese in refused.get_json()["details"]["message_zh"]


def test_a_conversion_without_a_file_is_refused(editors: Site) -> None:
    assert editors.post(CONVERT, by="ed", json={}).status_code == 422


def test_a_document_of_more_than_20_mb_is_refused(editors: Site) -> None:
    refused = editors.post(
        CONVERT,
        by="ed",
        data=b"x" * (20 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert refused.status_code == 413
