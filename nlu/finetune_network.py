"""The encoder as a sentence-transformers model whose upper layers learn, and the steps it takes.

Only the extra `train` brings what this module needs; serving never imports it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError  # what torch.load raises for a file that is none of its own
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlu.convert_graph import MIDDLE_LAYER, TRUNK_LAYERS
from nlu.convert_weights import EncoderWeights
from nlu.encoder_foreign import import_extra, layer_names, write_transformer
from nlu.encoder_manifest import PREFIX
from nlu.finetune_data import Pair

_LONGEST: Final = 64  # tokens of a text that is learnt from; what customers type is shorter
_WARM_UP: Final = 0.1
_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much is learnt: `steps` of `pairs` each; `nearness` is how strongly the last layer's mean
    is held where it was, so that what it knows of other texts is not lost; `sharpness` divides the
    cosines of the loss. The trunk (`nlu.convert_graph`) stays as it is."""

    steps: int
    pairs: int = 32
    rate: float = 5e-5
    nearness: float = 4.0
    sharpness: float = 0.07


class Network:
    """Trains step by step; state goes to a file and comes back, so that a killed run continues."""

    def __init__(self, weights: EncoderWeights, recipe: Recipe, *, threads: int) -> None:
        """Raises ModelUnavailable without the extra `train`."""
        self._torch = torch = import_extra("torch")
        losses = import_extra("sentence_transformers.sentence_transformer.losses")
        torch.manual_seed(0)
        torch.set_num_threads(threads)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self._recipe = recipe
        self._hidden, self._positions = weights.shape.hidden, weights.shape.positions
        self._names = {
            ours: theirs
            for layer in range(TRUNK_LAYERS, weights.shape.layers)
            for ours, theirs in layer_names(layer).items()
        }
        self._model = _sentence_transformer(weights).to(self.device)
        self._model.eval()  # no dropout: the pairs differ enough
        self._loss = losses.MultipleNegativesRankingLoss(
            self._model,
            scale=1 / recipe.sharpness,
            directions=("query_to_doc", "doc_to_query"),
            partition_mode="per_direction",
        )
        learning = [self._parameter(theirs) for theirs in self._names.values()]
        self._model.requires_grad_(False)
        for parameter in learning:
            parameter.requires_grad_(True)
        self._learning = learning
        self._optimiser = torch.optim.AdamW(learning, lr=recipe.rate, weight_decay=0.01)
        self.step = 0

    def learn(self, pairs: Sequence[Pair], before: NDArray[np.float32]) -> float:
        """One step; `before` has the first texts' features before training. The loss."""
        torch = self._torch
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate * self._pace()
        columns = [[pair[0] for pair in pairs], [pair[1] for pair in pairs]]
        self._model.max_seq_length = _LONGEST
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            found = [self._forward(column) for column in columns]
            loss = self._loss.compute_loss_from_embeddings(found, None)
        wanted, means = (
            torch.nn.functional.normalize(rows[:, : self._hidden].float(), dim=-1)
            for rows in (torch.from_numpy(before).to(self.device), found[0])
        )
        loss = loss + self._recipe.nearness * (1 - (means * wanted).sum(dim=-1)).mean()
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._learning, 1.0)
        self._optimiser.step()
        self.step += 1
        return float(loss.detach())

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the encoder's `features` are with the present weights: unit length."""
        rows = []
        self._model.max_seq_length = self._positions
        with self._torch.inference_mode():
            for start in range(0, len(texts), _AT_ONCE):
                rows.append(self._forward(texts[start : start + _AT_ONCE]).float().cpu().numpy())
        both = np.concatenate(rows).astype(np.float32)
        unit: NDArray[np.float32] = both / np.linalg.norm(both, axis=1, keepdims=True)
        return unit

    def trained(self) -> dict[str, NDArray[np.float32]]:
        """The weights that learn, by their names in the encoder's source."""
        return {
            ours: self._parameter(theirs).detach().float().cpu().numpy().copy()
            for ours, theirs in self._names.items()
        }

    def save(self, path: Path, *, about: Mapping[str, str]) -> None:
        """Keep the whole state, or what was there stays; `about` says whose state it is."""
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        state = {
            "about": dict(about),
            "step": self.step,
            "weights": {n: self._parameter(n).detach().cpu() for n in self._names.values()},
            "optimiser": self._optimiser.state_dict(),
        }
        try:
            with beside.open("wb") as file:
                self._torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def resume(self, path: Path, *, about: Mapping[str, str]) -> bool:
        """Continue from the file, when it is there, whole, and about the same training."""
        try:
            state = self._torch.load(path, map_location=self.device, weights_only=True)
            same = state["about"] == dict(about)
        except (OSError, EOFError, UnpicklingError, RuntimeError, KeyError, TypeError):
            return False
        if not same:
            return False
        with self._torch.no_grad():
            for name in self._names.values():
                self._parameter(name).copy_(state["weights"][name])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]
        return True

    def _pace(self) -> float:
        """The share of the rate for this step: rising at first, then falling to nothing."""
        done = self.step / self._recipe.steps
        return min(1.0, (done + 1 / self._recipe.steps) / _WARM_UP) * (1 - done)

    def _forward(self, texts: Sequence[str]) -> Any:
        read = self._model.preprocess([PREFIX + text for text in texts])
        on_device = {k: v.to(self.device) if hasattr(v, "to") else v for k, v in read.items()}
        return self._model(on_device)["sentence_embedding"]

    def _parameter(self, name: str) -> Any:
        return self._model[0].model.get_parameter(name)


def _sentence_transformer(weights: EncoderWeights) -> Any:
    """A model whose vectors are the encoder's `features`: the last layer's mean, then an earlier
    layer's, each of unit length."""
    torch = import_extra("torch")
    library = import_extra("sentence_transformers")
    modules = import_extra("sentence_transformers.sentence_transformer.modules")

    class TwoMeans(modules.Module):  # type: ignore[misc, name-defined]
        def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
            mask = features["attention_mask"].unsqueeze(-1).to(features["token_embeddings"].dtype)
            layers = features["all_layer_embeddings"]
            means = [(layers[i] * mask).sum(1) / mask.sum(1) for i in (-1, MIDDLE_LAYER)]
            unit = [torch.nn.functional.normalize(mean, dim=-1) for mean in means]
            features["sentence_embedding"] = torch.cat(unit, dim=-1)
            return features

        def save(self, output_path: str, *_: object, **__: object) -> None:
            raise NotImplementedError("only the weights are kept")

    import_extra("transformers.utils.logging").disable_progress_bar()  # for what takes a second
    with tempfile.TemporaryDirectory() as name:
        write_transformer(Path(name), weights)
        transformer = modules.Transformer(
            name,
            max_seq_length=weights.shape.positions,
            config_kwargs={"output_hidden_states": True},
        )
    return library.SentenceTransformer(modules=[transformer, TwoMeans()], device="cpu")
