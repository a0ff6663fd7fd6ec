"""Fine-tunes the encoder on a shop's own texts: train, write, judge; a killed run continues."""

from __future__ import annotations

import fcntl
import json
import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from nlu.adaptation import adapt, adaptation_hash
from nlu.convert_encoder import write_encoder
from nlu.convert_weights import (
    SOURCE_FILE,
    SOURCE_PACKAGE,
    EncoderWeights,
    find_source,
    read_weights,
)
from nlu.encoder import Encoder, load_encoder
from nlu.encoder_manifest import FIGURES_FILE, TRAINING_FILE, sha256_of
from nlu.errors import ModelUnavailable
from nlu.finetune_data import Material, draw_pairs
from nlu.finetune_judge import Search, Verdict, judge_encoders
from nlu.finetune_network import Network, Recipe

CHECKPOINT: Final = "checkpoint.pt"

_PAIRS: Final = 32
_STEPS_A_CHECKPOINT: Final = 20

Progress = Callable[[str, float], None]
"""Called with the stage (`train`, `write`, `judge`) and the share of it that is done, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fine-tuned encoder in a folder of its own, and whether it is better."""

    folder: Path
    verdict: Verdict


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """The hidden folder beside `out` where an encoder is trained and kept until it is whole.

    What a killed training left there is continued from. One process at a time: the second gets
    ModelUnavailable.
    """
    folder = out.with_name(f".{out.name}-training")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"An encoder is being trained in {folder} already: wait for it or end it."
            raise ModelUnavailable(message) from error
        for rest in folder.iterdir():  # half-written folders; a checkpoint is always whole
            if rest.is_dir():
                shutil.rmtree(rest)
        yield folder


def finetune(
    material: Material,
    *,
    work: Path,
    base: Encoder,
    present: Encoder,
    search: Search,
    everyday: Sequence[str] = (),
    epochs: float = 3,
    threads: int = 1,
    progress: Progress = lambda stage, done: None,
    log: Callable[[str], None] = lambda line: None,
) -> Candidate:
    """Train the reading layers, as they come with the product, and judge the result against the
    `present` encoder. Search reads layers of its own and stays as it is.

    `base` is the encoder that comes with the product, near which vectors are held. `work`
    comes from `workplace`; each of its checkpoints is one that a later call with the same material
    continues from. `everyday` is what people write to anybody, known to the understandings that
    both encoders are judged by. Raises ModelUnavailable without the extra `train`.
    """
    source = find_source()
    weights = read_weights(source)
    recipe = Recipe(steps=_steps(material, epochs), pairs=_PAIRS)
    about = _about(material, source, recipe)
    network = Network(adapt(weights), recipe, threads=threads)
    _train(network, material, base, recipe, work, about, progress, log)
    folder = _write(network, weights, source, about, work)
    progress("write", 1.0)
    verdict = judge_encoders(
        present,
        load_encoder(folder, threads=threads),
        material,
        search=search,
        everyday=everyday,
        progress=progress,
    )
    figures = {"before": asdict(verdict.before), "after": asdict(verdict.after)}
    (folder / FIGURES_FILE).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return Candidate(folder, verdict)


def _steps(material: Material, epochs: float) -> int:
    """So many that every labelled text is drawn `epochs` times."""
    texts = sum(len(own) for own in material.by_intent)
    drawn = 2 * min(_PAIRS, len(material.by_intent))
    return max(1, math.ceil(epochs * texts / drawn))


def _about(material: Material, source: Path, recipe: Recipe) -> dict[str, str]:
    versions = {name: metadata.version(name) for name in ("torch", "sentence-transformers")}
    return {
        "source": f"{SOURCE_PACKAGE}/{SOURCE_FILE}",
        "source_sha256": sha256_of(source),
        "adaptation_sha256": adaptation_hash(),
        "data_sha256": material.sha256,
        "labelled_texts": str(sum(len(own) for own in material.by_intent)),
        "unlabelled_texts": str(len(material.loners)),
        "held_out_texts": str(len(material.held)),
        "recipe": json.dumps(asdict(recipe), sort_keys=True),
        **versions,
    }


def _train(
    network: Network,
    material: Material,
    base: Encoder,
    recipe: Recipe,
    work: Path,
    about: Mapping[str, str],
    progress: Progress,
    log: Callable[[str], None],
) -> None:
    checkpoint = work / CHECKPOINT
    if network.resume(checkpoint, about=about):
        log(f"Continuing after step {network.step} of {recipe.steps}.")
    else:
        log(f"Training {recipe.steps} steps on {network.device}.")
    while network.step < recipe.steps:
        pairs = draw_pairs(material, pairs=recipe.pairs, seed=str(network.step))
        loss = network.learn(pairs, base.features([first for first, _ in pairs]))
        progress("train", network.step / recipe.steps)
        if network.step % _STEPS_A_CHECKPOINT == 0 or network.step == recipe.steps:
            network.save(checkpoint, about=about)
            log(f"Step {network.step} of {recipe.steps}, loss {loss:.3f}.")


def _write(
    network: Network,
    weights: EncoderWeights,
    source: Path,
    about: Mapping[str, str],
    work: Path,
) -> Path:
    folder = work / "written" / "encoder"
    folder.mkdir(parents=True)
    (folder / TRAINING_FILE).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    reading = weights.with_trained(network.trained())
    write_encoder(folder, weights, reading, reference=network.features, source=source)
    return folder
