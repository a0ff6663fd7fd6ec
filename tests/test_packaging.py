"""The names at the top are ours, the arrows hold, and importing needs no network."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"nlu", "knowledge", "dialogue", "handoff", "webapp"}


def test_no_installed_distribution_takes_our_names() -> None:
    taken = packages_distributions()
    assert {n: taken[n] for n in PACKAGES if set(taken.get(n, [])) - {"jiedai"}} == {}


def test_no_top_level_package_is_added_by_accident() -> None:
    assert {p.parent.name for p in ROOT.glob("*/__init__.py")} == PACKAGES


def test_data_folders_hold_no_code() -> None:
    assert [p for d in ("models", "training_data") for p in (ROOT / d).rglob("*.py")] == []


def test_nothing_is_named_after_a_drawer() -> None:
    drawers = {"utils", "util", "common", "core", "shared", "helpers", "helper", "manager", "misc"}
    code = [p for package in PACKAGES for p in (ROOT / package).rglob("*")]
    assert [p for p in code if p.stem in drawers] == []


def _run_offline(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a fresh interpreter in which every outgoing connection is an error."""
    guard = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit(f'network used: {a}')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
        "socket.create_connection = refuse\n"
    )
    return subprocess.run(
        [sys.executable, "-c", guard + program],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def _modules() -> list[str]:
    files = [p for package in sorted(PACKAGES) for p in (ROOT / package).rglob("*.py")]
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in files]
    runs_on_import = {"__main__", "wsgi", "env"}
    return [
        n.removesuffix(".__init__")
        for n in names
        if n.rsplit(".", 1)[-1] not in runs_on_import and ".migrations." not in n
    ]


def test_every_module_is_imported_without_network() -> None:
    program = f"import importlib\nfor name in {_modules()!r}: importlib.import_module(name)\n"
    done = _run_offline(program)
    assert done.returncode == 0, done.stderr or done.stdout


def test_importing_the_web_application_imports_no_torch() -> None:
    program = (
        "import sys, importlib\n"
        "importlib.import_module('webapp.app'); importlib.import_module('webapp.bootstrap')\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'matplotlib'}\n"
        "heavy &= set(sys.modules)\n"
        "raise SystemExit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = _run_offline(program)
    assert done.returncode == 0, done.stderr
