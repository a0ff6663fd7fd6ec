"""A really full disk: new messages are refused, none is lost, and room is all that it takes.

The data folder lies on a small file system of its own, which is filled to the last byte while the
product runs. Mounting it takes root, or a kernel that lets users make namespaces.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fire.house import START_SECONDS, Colleague, House, furnish, left_behind, start
from webapp.settings import Settings

_MEGABYTES = 24
# $0 is the data folder, $1 what it begins with; the rest is the command.
_MOUNT = (
    f'mount -t tmpfs -o size={_MEGABYTES}m,mode=700 tmpfs "$0" && cp -a "$1"/. "$0" '
    '&& shift && exec "$@"'
)
_MOST_TRIES = 2000

pytestmark = [pytest.mark.fire, pytest.mark.timeout(200)]


@dataclass
class Disk:
    """The small file system, seen from outside of the namespace it is mounted in."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave no room at all."""
        with pytest.raises(OSError, match="No space left"), self._filler.open("wb", 0) as file:
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink()


@dataclass
class Customer:
    """Somebody who waits for a person and goes on talking; remembers what was acknowledged."""

    client: httpx.Client
    id: str
    token: str
    acknowledged: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/api/v1/widget/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str, client_msg_id: str) -> httpx.Response:
        body = {"content": text, "client_msg_id": client_msg_id}
        answer = self.client.post(f"{self.url}/messages", json=body, headers=self.headers)
        if answer.is_success:
            self.acknowledged[client_msg_id] = answer.json()["message"]["id"]
        return answer

    def read(self) -> dict[str, int]:
        """What the customer has said, as the server tells it: the message of each own id."""
        answer = self.client.get(f"{self.url}/messages", headers=self.headers)
        assert answer.status_code == 200
        own = [m for m in answer.json()["messages"] if m["sender"] == "customer"]
        told = {m["client_msg_id"]: m["id"] for m in own}
        assert len(told) == len(own)
        return told


@pytest.fixture
def namespace() -> list[str]:
    """The command that gives its child mounts of its own."""
    for options in (["--mount"], ["--mount", "--map-root-user"]):
        command = ["unshare", *options, "--propagation", "private"]
        if (
            shutil.which("unshare")
            and not subprocess.run([*command, "true"], check=False, capture_output=True).returncode
        ):
            return command
    pytest.skip("Mounting a small file system takes root, or `unshare --map-root-user`.")


@pytest.fixture
def house(namespace: list[str], tmp_path: Path) -> Iterator[House]:
    seed, data = tmp_path / "seed", tmp_path / "data"
    seed.mkdir()
    data.mkdir()
    _, agents = furnish(seed, f"sqlite:///{seed / 'jiedai.db'}", agents=1)
    settings = Settings(data=data, database_url=f"sqlite:///{data / 'jiedai.db'}")
    within = [*namespace, "sh", "-c", _MOUNT, str(data), str(seed)]
    running = start(settings, agents, within=within)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def disk(house: House) -> Disk:
    return Disk(Path(f"/proc/{house.process.pid}/root{house.settings.data}"))


def test_a_full_disk_refuses_new_messages_keeps_old_ones_and_recovers_without_a_restart(
    house: House, disk: Disk
) -> None:
    with httpx.Client(base_url=house.base_url, timeout=60) as client:
        customer = _waiting_customer(client)
        processes = _processes(house)
        disk.fill()

        refused = _say_until_refused(customer)
        _says_to_come_back(customer.say("一句新话", refused))
        _says_to_come_back(client.post("/api/v1/widget/conversations", json={}))
        _everything_can_be_read(customer, house.agents[0])
        assert refused not in customer.read()
        assert _processes(house) == processes

        _start_again(house, disk, "web")
        _everything_can_be_read(customer, house.agents[0])
        _says_to_come_back(customer.say("一句新话", refused))
        processes = _processes(house)

        disk.free()
        assert customer.say("一句新话", refused).status_code == 201
        assert customer.say("一句新话", refused).status_code == 200
        assert customer.read() == customer.acknowledged
        assert _waiting_customer(client).read()
    assert _processes(house) == processes
    house.stop()
    assert left_behind(house.settings) == []


def _waiting_customer(client: httpx.Client) -> Customer:
    opened = client.post("/api/v1/widget/conversations", json={})
    assert opened.status_code == 201
    customer = Customer(client, opened.json()["id"], opened.json()["token"])
    assert customer.say("转人工", "human").status_code == 201
    return customer


def _say_until_refused(customer: Customer) -> str:
    """Talk until the server takes no more; the id of what it did not take.

    The database first uses up the room that its files have already.
    """
    for count in itertools.count():
        assert count < _MOST_TRIES
        answer = customer.say("一句新话", f"m{count}")
        if answer.status_code != 201:
            _says_to_come_back(answer)
            return f"m{count}"
    raise AssertionError("unreachable")


def _says_to_come_back(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    error = answer.json()
    assert error["error"] == "StoreUnavailable"
    assert "full" in error["message"]


def _everything_can_be_read(customer: Customer, agent: Colleague) -> None:
    """Customers and agents see all that was acknowledged, by every way of looking."""
    told = customer.read()
    assert customer.acknowledged.items() <= told.items()
    client, desk = customer.client, {"Authorization": f"Bearer {agent.token}"}
    for path, headers in (
        (customer.url, customer.headers),
        (f"{customer.url}/events?after=0&wait=0", customer.headers),
        ("/api/v1/conversations?holder=queue", desk),
        (f"/api/v1/conversations/{customer.id}", desk),
        ("/api/v1/events?after=0&wait=0", desk),
        ("/login", {}),
        ("/metrics", {}),
        ("/readyz", {}),
    ):
        assert client.get(path, headers=headers).status_code == 200, path


def _start_again(house: House, disk: Disk, name: str) -> None:
    """Kill a process and wait until the supervisor has another in its place that answers."""
    master = psutil.Process(int((disk.folder / "run" / f"{name}.pid").read_text()))
    victims = [master, *master.children()]
    for victim in victims:
        victim.kill()
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert house.process.poll() is None
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(house.base_url + "/readyz", timeout=5)
            if answer.status_code == 200 and not any(v.is_running() for v in victims):
                return
        assert time.monotonic() < deadline, "\n".join(house.said)
        time.sleep(0.1)


def _processes(house: House) -> set[int]:
    """Every process of the product, its workers too."""
    return {p.pid for p in psutil.Process(house.process.pid).children(recursive=True)}
