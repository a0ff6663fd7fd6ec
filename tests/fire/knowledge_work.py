"""Work on a knowledge base in a process of its own, for `test_knowledge` to kill.

The kinds are `import` (every article of FOLDER/kb), `publish` (a draft of each article, one after
the other) and `reindex` (every passage is encoded anew, as for a new encoder).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import delete

from nlu.encoder import Encoder, load_encoder
from webapp import editing
from webapp.bootstrap import load_knowledge, make_publisher, make_tests
from webapp.db import tables
from webapp.db.database import Database
from webapp.file_store import FileStore
from webapp.importing import Importer
from webapp.releases import Releases

ENCODER = Path(__file__).resolve().parents[2] / "models" / "encoder"
TOPICS = (
    "退货", "发票", "运费", "保修", "会员积分", "优惠券", "改地址", "取消订单", "预售", "尺码",
    "安装服务", "以旧换新", "退款到账", "物流查询", "账号注销", "密码找回", "礼品包装", "门店自提",
    "货到付款", "企业采购",
)  # fmt: skip


def markdown(topic: str, version: int) -> str:
    """One article in some version, which its text tells, with a test that an import asks."""
    test = f"tests:\n  - question: {topic}说明\n    heading: {topic}说明\n"
    return (
        f"---\nid: {topic}\n{test}---\n\n# {topic}说明\n\n第{version}版：关于{topic}，请看这里。\n"
    )


def work_on(kind: str, version: int, db: Database, folder: Path, encoder: Encoder) -> None:
    """Do one kind of work to its end."""
    now = datetime.now(UTC)
    publisher = make_publisher(db, encoder)
    if kind == "import":
        files = FileStore(folder / "files")
        tests = cache(lambda: make_tests(db, encoder, load_knowledge(db, encoder)))
        Importer(db, publisher, files, tests).import_path(folder / "kb", by="cli", now=now)
    elif kind == "publish":
        releases = Releases(db, prepare=publisher.prepare)
        for topic in TOPICS:
            _publish(topic, version, db, releases, now)
    else:
        with db.write() as work:
            work.session.execute(delete(tables.passage_vectors))
        load_knowledge(db, encoder)


def _publish(topic: str, version: int, db: Database, releases: Releases, now: datetime) -> None:
    text = markdown(topic, version)
    with db.write() as work:
        left = work.drafts.find(topic)
        if left is not None:  # by somebody who was killed
            editing.discard(work, topic, seen_version=left.version, by="小李", reason=None, now=now)
        draft = editing.save_draft(work, topic, text, seen_version=0, by="小李", now=now)
        seen = draft.version
    releases.publish_draft(topic, seen_version=seen, by="小李", now=now)


def work_apart(kind: str, version: int, url: str, folder: Path, begins: Connection) -> None:
    """Do one kind of work in a process that may be killed; `begins` is told before the first step.

    The process is forked from one that has loaded this module and nothing else.
    """
    db, encoder = Database(url), load_encoder(ENCODER)
    begins.send("go")
    work_on(kind, version, db, folder, encoder)
