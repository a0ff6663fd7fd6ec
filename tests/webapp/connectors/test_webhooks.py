"""Webhooks against a real receiver: signed, repeated with one id, never to a forbidden address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from knowledge.article import Article
from webapp.connectors.webhooks import WebhookSender
from webapp.db.database import Database
from webapp.live import make_live, take_out
from webapp.processes.worker import RETRIES, Worker
from webapp.records import Announcement, Webhook
from webapp.webhooks import (
    OUTBOX_KIND,
    BadWebhook,
    Network,
    announce,
    check_secret,
    check_url,
    may_reach,
    new_secret,
    signature,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HERE = (ip_network("127.0.0.0/8"),)
BOTH = tuple(Announcement)


@dataclass
class Receiver:
    """Another system: keeps what it gets, answers with the statuses it was given, then 204."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.got.append((headers, body))
        return self.statuses.pop(0) if self.statuses else 204


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with received() as receiver:
        yield receiver


@contextmanager
def received(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver on this machine; over TLS with a certificate."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.take(headers, self.rfile.read(length))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


def add(db: Database, url: str, kinds: tuple[Announcement, ...] = BOTH) -> Webhook:
    with db.write() as work:
        return work.webhooks.add(url, kinds=kinds, secret=new_secret(), by="boss", now=NOW)


def publish(db: Database, body: str = "七天。", name: str = "returns") -> None:
    with db.write() as work:
        article = Article(id=name, title="退货", body=body, category=("售后",))
        make_live(work, article, by="小李", now=NOW)


def drain(
    db: Database,
    *,
    at: datetime = NOW,
    networks: Sequence[Network] = HERE,
    tls: ssl.SSLContext | None = None,
) -> None:
    timeout = httpx.Timeout(2.0, connect=1.0)
    sender = WebhookSender(db, networks=networks, clock=lambda: at, timeout=timeout, tls=tls)
    Worker(db, senders={OUTBOX_KIND: sender}).drain_outbox(at)
    sender.close()


def test_a_published_article_is_told_signed_as_standard_webhooks_wants_it(
    db: Database, receiver: Receiver
) -> None:
    webhook = add(db, f"{receiver.url}/hooks?shop=1")
    publish(db)

    drain(db)

    [(headers, body)] = receiver.got
    told = json.loads(body)
    assert (told["type"], told["timestamp"]) == ("article.published", NOW.isoformat())
    assert told["data"] == {
        "id": "returns",
        "title": "退货",
        "category": ["售后"],
        "revision": 1,
        "updated_by": "小李",
    }
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    assert headers["host"] == receiver.url.removeprefix("http://")
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    with db.read() as work:
        assert work.webhooks.get(webhook.id).sent_at == NOW


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the libraries of github.com/standard-webhooks test themselves with."""
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_was_refused_is_sent_again_with_the_same_id_and_a_new_signature(
    db: Database, receiver: Receiver
) -> None:
    webhook = add(db, receiver.url)
    receiver.statuses = [500, 302]
    publish(db)

    drain(db)
    with db.read() as work:
        assert "500" in (work.webhooks.get(webhook.id).last_error or "")
        assert work.webhooks.get(webhook.id).failing_since == NOW
    first = NOW + timedelta(seconds=RETRIES[0])
    drain(db, at=first)
    drain(db, at=first + timedelta(seconds=RETRIES[1]))

    assert len(receiver.got) == 3, "a redirect is refused, not followed"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-signature"] for headers, _ in receiver.got}) == 3
    with db.read() as work:
        assert work.webhooks.get(webhook.id).last_error is None


def test_a_receiver_is_told_what_it_wants_and_one_that_is_off_or_gone_nothing(
    db: Database, receiver: Receiver
) -> None:
    add(db, f"{receiver.url}/archived", (Announcement.ARTICLE_ARCHIVED,))
    off, removed = add(db, f"{receiver.url}/off"), add(db, f"{receiver.url}/removed")
    publish(db)
    with db.write() as work:
        work.webhooks.switch(off.id, active=False)
        work.webhooks.remove(removed.id)
        take_out(work, "returns", by="小李", now=NOW)

    drain(db)

    [(_, body)] = receiver.got
    assert json.loads(body)["type"] == "article.archived"


def test_one_event_has_one_id_for_every_receiver(db: Database, receiver: Receiver) -> None:
    for path in ("a", "b"):
        add(db, f"{receiver.url}/{path}")
    publish(db)
    publish(db, "八天。")
    drain(db)
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert (len(ids), len(set(ids))) == (4, 2)


def test_nothing_is_told_of_a_change_that_was_not_kept(db: Database, receiver: Receiver) -> None:
    add(db, receiver.url)
    with pytest.raises(RuntimeError, match="crash"), db.write() as work:
        make_live(work, Article(id="a", title="A", body="七天。"), by="小李", now=NOW)
        raise RuntimeError("crash")
    drain(db)
    assert receiver.got == []


def test_a_receiver_that_says_gone_is_switched_off(sqlite_db: Database, receiver: Receiver) -> None:
    webhook = add(sqlite_db, receiver.url)
    receiver.statuses = [410]
    publish(sqlite_db)
    publish(sqlite_db, "八天。")
    drain(sqlite_db)
    assert len(receiver.got) == 1
    with sqlite_db.read() as work:
        assert work.webhooks.get(webhook.id).active is False


def test_a_receiver_that_is_not_there_is_asked_once_and_does_not_hold_up_the_others(
    sqlite_db: Database, receiver: Receiver
) -> None:
    dead = add(sqlite_db, "http://127.0.0.1:9")
    add(sqlite_db, receiver.url)
    for text in ("七天。", "八天。", "九天。"):
        publish(sqlite_db, text)

    drain(sqlite_db)

    assert len(receiver.got) == 3
    with sqlite_db.read() as work:
        assert "a moment ago" in (work.webhooks.get(dead.id).last_error or "")


def test_the_certificate_must_be_that_of_the_name_although_the_address_is_called(
    sqlite_db: Database, tmp_path: Path
) -> None:
    certificate = certificate_of("localhost", tmp_path)
    with received(certificate) as receiver:
        webhook = add(sqlite_db, receiver.url)
        publish(sqlite_db)
        drain(sqlite_db)
        assert receiver.got == []
        with sqlite_db.read() as work:
            assert "ConnectError" in (work.webhooks.get(webhook.id).last_error or "")

        trusting = ssl.create_default_context(cafile=str(certificate))
        drain(sqlite_db, at=NOW + timedelta(minutes=1), tls=trusting)

        assert len(receiver.got) == 1


def certificate_of(name: str, folder: Path) -> Path:
    """A certificate of a name alone, which trusts itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "both.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_address_that_is_not_public_is_not_reached_unless_its_network_is_listed(
    sqlite_db: Database, receiver: Receiver, host: str
) -> None:
    webhook = add(sqlite_db, receiver.url.replace("127.0.0.1", host))
    publish(sqlite_db)
    drain(sqlite_db, networks=())
    assert receiver.got == []
    with sqlite_db.read() as work:
        assert "WEBHOOK_NETWORKS" in (work.webhooks.get(webhook.id).last_error or "")
    drain(sqlite_db, at=NOW + timedelta(minutes=1))
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.7", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::",
        "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:169.254.169.254", "::ffff:10.0.0.8",
        "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
    ],
)  # fmt: skip
def test_only_the_public_internet_may_be_told_by_itself(address: str) -> None:
    assert not may_reach(ip_address(address), ())
    assert may_reach(ip_address("93.184.216.34"), ())
    assert may_reach(ip_address("2606:2800:220:1:248:1893:25c8:1946"), ())
    assert may_reach(ip_address("10.0.0.8"), (ip_network("10.0.0.0/8"),))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://erp.example.com/", "erp.example.com", "https://", "https://a b/", "http://[::1",
        "https://user:pw@erp.example.com/", "https://erp.example.com/#x", "http://127.0.0.1/",
        "http://[::1]:80/", "http://169.254.169.254/latest", "https://erp.example.com:99999/",
        "https://接待.example/", "https://a/\r\nx: y", "https://" + "a" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_when_it_is_added(url: str) -> None:
    with pytest.raises(BadWebhook, match=r"url:|WEBHOOK_NETWORKS"):
        check_url(url, ())
    check_url("https://erp.example.com:8443/hooks?x=1", ())
    check_url("http://127.0.0.1:9/", HERE)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "whsec_YWJj", "x" * 100])
def test_a_secret_that_does_not_protect_is_refused(secret: str) -> None:
    with pytest.raises(BadWebhook, match="secret"):
        check_secret(secret)
    check_secret(new_secret())


def test_where_nobody_wants_to_be_told_nothing_waits_in_the_outbox(sqlite_db: Database) -> None:
    with sqlite_db.write() as work:
        announce(work, Announcement.ARTICLE_PUBLISHED, {"id": "a"}, now=NOW)
        assert work.outbox.lease("w", now=NOW) == []
