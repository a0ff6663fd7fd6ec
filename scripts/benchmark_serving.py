"""Measure the running product: bot turns over HTTP, parse, start-up, memory of each process.

Usage: .venv/bin/python scripts/benchmark_serving.py [--json] [--seconds N]

Starts `jiedai up` on a fresh demo in a temporary folder on a free port, measures, and stops it.
Clients and servers share this machine's cores, so the figures are an upper bound of the times.
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from nlu.formats import read_training_data
from nlu.understanding import OUT_OF_SCOPE

ROOT = Path(__file__).resolve().parents[1]
JIEDAI = str(ROOT / ".venv" / "bin" / "jiedai")
QUESTIONS = [
    "快递咋还没到啊",
    "七天无理由怎么退",
    "你们家包邮不",
    "敏感肌能用烟酰胺精华吗",
    "发票啥时候开",
    "优惠券为什么用不了",
    "扫地机器人不充电了咋整",
    "How long does a refund take?",
    "会员积分怎么用",
    "今天天气怎么样",
]


def percentiles(seconds: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds, and the count, of durations in seconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": round(1000 * statistics.median(ordered), 1),
        "p95_ms": round(1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "count": len(ordered),
    }


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Customer:
    """One customer with a conversation of his own; times every turn."""

    def __init__(self, base: str) -> None:
        self._client = httpx.Client(base_url=base, timeout=30)
        opened = self._client.post("/api/v1/widget/conversations", json={}).raise_for_status()
        self._id = opened.json()["id"]
        self._headers = {"Authorization": f"Bearer {opened.json()['token']}"}
        self.turns: list[float] = []

    def ask(self, text: str) -> None:
        """Say something; start a new conversation when the bot has handed this one over."""
        begun = time.perf_counter()
        answer = self._client.post(
            f"/api/v1/widget/conversations/{self._id}/messages",
            json={"content": text, "client_msg_id": uuid.uuid4().hex},
            headers=self._headers,
        )
        self.turns.append(time.perf_counter() - begun)
        answer.raise_for_status()
        if not answer.json()["replies"]:
            self.turns.pop()  # a person holds it: no bot turn was measured
            turns = self.turns
            self.__init__(str(self._client.base_url))  # type: ignore[misc]
            self.turns = turns


def talk(base: str, *, customers: int, seconds: float, pause: float) -> dict[str, float]:
    """Let customers talk side by side, each pausing between messages; the times of the turns."""
    people = [Customer(base) for _ in range(customers)]
    for person in people:
        person.ask("你好")
        person.turns.clear()
    until = time.monotonic() + seconds

    def run(person: Customer, offset: int) -> None:
        n = offset
        time.sleep(pause * offset / max(customers, 1))
        while time.monotonic() < until:
            # A suffix keeps the encoder's cache of repeated sentences from flattering us.
            person.ask(f"{QUESTIONS[n % len(QUESTIONS)]} {n}")
            n += customers
            time.sleep(pause)

    threads = [threading.Thread(target=run, args=(p, i)) for i, p in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns = [t for p in people for t in p.turns]
    return percentiles(turns) | {"turns_per_second": round(len(turns) / seconds, 1)}


def parse_times(base: str, token: str) -> dict[str, float]:
    """`POST /model/parse`, one after the other, no sentence twice."""
    seconds = []
    with httpx.Client(base_url=base, timeout=30) as client:
        for n in range(150):
            begun = time.perf_counter()
            client.post(
                "/model/parse",
                json={"text": f"{QUESTIONS[n % len(QUESTIONS)]} {n}"},
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()
            seconds.append(time.perf_counter() - begun)
    return percentiles(seconds[20:])


def wait_until(ready: Callable[[], bool], *, seconds: float) -> float:
    """Poll until true; the seconds it took. Raises TimeoutError."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if ready():
            return time.monotonic() - begun
        time.sleep(0.05)
    raise TimeoutError("the product did not become ready")


def answers(base: str) -> bool:
    """Whether the product answers a first message now."""
    try:
        Customer(base).ask("你好")
    except httpx.HTTPError:
        return False
    return True


def start(data: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Start the product; the process and the seconds until the first message was answered."""
    process = subprocess.Popen(
        [JIEDAI, "up", "--data", str(data), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    took = wait_until(lambda: answers(f"http://127.0.0.1:{port}"), seconds=120)
    return process, took


def memory(process: subprocess.Popen[bytes]) -> list[dict[str, object]]:
    """Each process of the product with its private (USS) and resident memory in MB."""
    everybody = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return [
        {
            "process": " ".join(p.cmdline())[-90:],
            "rss_mb": round(p.memory_info().rss / 1e6),
            "uss_mb": round(p.memory_full_info().uss / 1e6),
            "threads": p.num_threads(),
        }
        for p in everybody
    ]


def baseline(folder: Path) -> dict[str, object]:
    """The classifier beside character n-grams with a linear SVM, in one run on the pack."""
    pack = ROOT / "training_data" / "ecommerce"
    folder.mkdir()
    for name, source in (("train", "nlu"), ("oos_test", "test"), ("test", "test")):
        examples = read_training_data([pack / source]).examples
        chosen = [e for e in examples if (e.intent == OUT_OF_SCOPE) == (name == "oos_test")]
        lines = [f"{e.text}\t{e.intent}\n" for e in chosen]
        (folder / f"{name}.tsv").write_text("".join(lines), encoding="utf-8")
    done = subprocess.run(
        [JIEDAI, "benchmark", "nlu", str(folder), "--baseline", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def make(data: Path) -> tuple[str, float]:
    """Make a data folder with the demo; a token for its API, and the seconds it took."""
    account = ("--admin-email", "admin@example.com", "--admin-password", uuid.uuid4().hex)
    begun = time.monotonic()
    subprocess.run(
        [JIEDAI, "init", "--data", str(data), "--demo", *account],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    took = time.monotonic() - begun
    made = subprocess.run(
        [JIEDAI, "token", "create", "admin@example.com", "--data", str(data)],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip(), took


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--no-baseline", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="jiedai-benchmark-") as folder:
        data, port = Path(folder) / "data", free_port()
        base = f"http://127.0.0.1:{port}"
        token, init_seconds = make(data)
        process, first_answer = start(data, port)
        try:
            result: dict[str, object] = {
                "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python "
                f"{platform.python_version()}",
                "init_seconds": round(init_seconds, 1),
                "start_to_first_answer_seconds": round(first_answer, 1),
                "turn_1_customer": talk(base, customers=1, seconds=chosen.seconds, pause=0),
                "turn_20_customers_every_2_s": talk(
                    base, customers=20, seconds=chosen.seconds, pause=2
                ),
                "turn_20_customers_without_pause": talk(
                    base, customers=20, seconds=chosen.seconds, pause=0
                ),
                "parse": parse_times(base, token),
                "memory": memory(process),
            }
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        if not chosen.no_baseline:
            result["classifier_and_baseline"] = baseline(Path(folder) / "pack")
    json.dump(result, sys.stdout, ensure_ascii=False, indent=None if chosen.json else 2)
    print()


if __name__ == "__main__":
    main()
