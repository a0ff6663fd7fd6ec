"""What the reading layers learnt from messages to many trades: copies of the upper layers.

`scripts/fit_adaptation.py` trains them and writes `adaptation.npz`: for each matrix a correction of
low rank, for each vector its difference. Classifiers learn from these layers; search reads the
source's own (docs/adr/0011).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.convert_weights import EncoderWeights
from nlu.errors import ModelMismatch, ModelUnavailable

_FILE: Final = "adaptation.npz"
_REMEDY: Final = "get Jiedai's files anew, then run scripts/setup"
_LEFT: Final = ".left"
_RIGHT: Final = ".right"

Tensors = Mapping[str, NDArray[np.float32]]


def adaptation_bytes() -> bytes:
    """The file that comes with the package. Raises ModelUnavailable when it cannot be read."""
    file = resources.files("nlu").joinpath(_FILE)
    try:
        return file.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"{file} cannot be read ({error.strerror}): {_REMEDY}.") from error


def adaptation_hash() -> str:
    """The SHA-256 of the file that comes with the package. Raises as `adaptation_bytes`."""
    return hashlib.sha256(adaptation_bytes()).hexdigest()


def adapt(weights: EncoderWeights, content: bytes | None = None) -> EncoderWeights:
    """The source's weights with a file's corrections, by default the package's.

    Raises ModelMismatch for a damaged file and for corrections that fit no weight, ModelUnavailable
    when the package's cannot be read.
    """
    parts = _read(adaptation_bytes() if content is None else content)
    return weights.with_trained(
        {name: _present(weights, name, change) + change for name, change in _changes(parts)}
    )


def write_adaptation(path: Path, weights: EncoderWeights, trained: Tensors, *, rank: int) -> None:
    """Write what `trained` tensors, by the weights' names, differ by from the weights.

    A matrix's difference is kept by its `rank` largest singular values (Eckart and Young 1936).
    """
    parts: dict[str, NDArray[np.float16]] = {}
    for name, tensor in trained.items():
        if name in weights.vectors:
            parts[name] = (tensor - weights.vectors[name]).astype(np.float16)
            continue
        left, sizes, right = np.linalg.svd(tensor - weights.plain(name), full_matrices=False)
        root = np.sqrt(sizes[:rank])
        parts[name + _LEFT] = (left[:, :rank] * root).astype(np.float16)
        parts[name + _RIGHT] = (root[:, None] * right[:rank]).astype(np.float16)
    with path.open("wb") as file:
        np.savez(file, **parts)  # type: ignore[arg-type]


def _read(content: bytes) -> Tensors:
    try:
        with np.load(BytesIO(content)) as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}
    except (EOFError, ValueError, BadZipFile) as error:
        raise ModelMismatch(f"{_FILE} is damaged ({error}): {_REMEDY}.") from error


def _changes(parts: Tensors) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for name, part in parts.items():
        if name.endswith(_LEFT):
            matrix = name.removesuffix(_LEFT)
            yield matrix, part @ parts[matrix + _RIGHT]
        elif not name.endswith(_RIGHT):
            yield name, part


def _present(
    weights: EncoderWeights, name: str, change: NDArray[np.float32]
) -> NDArray[np.float32]:
    present = weights.vectors.get(name)
    if present is None and name in weights.matrices:
        present = weights.plain(name)
    if present is None or present.shape != change.shape:
        raise ModelMismatch(f"A correction {name!r} of shape {change.shape} fits no weight.")
    return present
