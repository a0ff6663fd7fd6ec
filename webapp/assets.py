"""Style sheets, scripts and pictures under an address that changes with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

STATIC = Path(__file__).parent / "static"


@cache
def asset_version() -> str:
    """A hash of every static file: `/assets/<version>/…` may be cached for ever."""
    digest = sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def bootstrap_folder() -> Path:
    """The folder with Bootstrap's own files, which the package bootstrap-flask carries.

    The package is found and not imported: what it adds to Flask is not used.
    """
    spec = find_spec("flask_bootstrap")
    if spec is None or spec.origin is None:
        raise RuntimeError("Bootstrap is missing; run scripts/setup to install bootstrap-flask.")
    return Path(spec.origin).parent / "static" / "bootstrap5" / "css"
