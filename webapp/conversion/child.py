"""The process that reads one foreign file.

`python -m webapp.conversion.child KIND FILE FOLDER BYTES SECONDS`, with the most memory and time
that it may take.

A hostile file may make it fail, hang or grow; it must not take the program with it. So it limits
itself before it looks at the file, and says what it found in `FOLDER/result.json`.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

WRITTEN_BYTES = 100 * 1024 * 1024
OPEN_FILES = 64

RESULT = "result.json"
BAD = 3
"""The exit code for a file that cannot be converted; the reason is in the result."""


def main() -> int:
    """Convert the file that the arguments name."""
    kind, source, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    memory, seconds = int(sys.argv[4]), int(sys.argv[5])
    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    from webapp.conversion.document import BadDocument

    try:
        converted = import_module(f"webapp.conversion.{kind}").convert(source, folder)
    except BadDocument as error:
        _write(folder, {"problem": str(error)})
        return BAD
    _write(folder, asdict(converted))
    return 0


def _write(folder: Path, result: dict[str, object]) -> None:
    text = json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")
    (folder / RESULT).write_bytes(text)


if __name__ == "__main__":
    sys.exit(main())
