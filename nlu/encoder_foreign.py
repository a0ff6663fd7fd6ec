"""Other encoders: sentence-transformers models by name or folder, and ours as such a folder.

Only the extra `train` brings what this module needs; serving with the converted encoder does not.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from nlu.convert_tokenizer import kept_pieces, make_tokenizer
from nlu.convert_weights import EncoderWeights, find_source, read_weights
from nlu.encoder_manifest import PREFIX
from nlu.errors import ModelUnavailable

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class ForeignEncoder:
    """A sentence-transformers model as plain functions and values."""

    forward: Callable[[Sequence[str]], NDArray[np.float32]]
    dimension: int
    fingerprint: str


def load_sentence_transformer(name_or_folder: str, *, threads: int = 1) -> ForeignEncoder:
    """Load a model with its own prompts; the fingerprint is taken from its weights.

    Raises ModelUnavailable without the extra `train`, or when there is no such model.
    """
    torch = import_extra("torch")
    library = import_extra("sentence_transformers")
    torch.set_num_threads(threads)
    try:
        model = library.SentenceTransformer(name_or_folder, device="cpu")
    except (OSError, ValueError) as error:
        message = (
            f"The encoder {name_or_folder!r} cannot be loaded ({error}): set JIEDAI_ENCODER to a"
            " sentence-transformers folder or name, or unset it to use the built-in one."
        )
        raise ModelUnavailable(message) from error

    def forward(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    dimension = forward(["dimension"]).shape[1]
    return ForeignEncoder(forward, dimension, _fingerprint(model))


def write_sentence_transformers_folder(out: Path) -> None:
    """Write the installed encoder's weights as a folder for fine-tuning: float32, mean pooling,
    unit length, the prefix as its default prompt.

    Raises ModelUnavailable without the extra `train` or without the weights' package.
    """
    models = import_extra("sentence_transformers.sentence_transformer.modules")
    library = import_extra("sentence_transformers")
    import_extra("torch")
    weights = read_weights(find_source())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_transformer(folder, weights)
        transformer = models.Transformer(str(folder), max_seq_length=weights.shape.positions)
        pooling = models.Pooling(weights.shape.hidden, pooling_mode="mean")
        model = library.SentenceTransformer(
            modules=[transformer, pooling, models.Normalize()],
            prompts={"query": PREFIX},
            default_prompt_name="query",
            device="cpu",
        )
        model.save(str(out), create_model_card=False)


def layer_names(layer: int) -> dict[str, str]:
    """The names of a layer's weights in our source, and what BERT calls them."""
    there = f"encoder.layer.{layer}"
    names = {}
    for ours, theirs in (_PARTS | _NORMS).items():
        names[f"l{layer}.{ours}.w"] = f"{there}.{theirs}.weight"
        names[f"l{layer}.{ours}.b"] = f"{there}.{theirs}.bias"
    return names


def import_extra(name: str) -> ModuleType:
    """A module of the extra `train`; raises ModelUnavailable with the remedy without it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        message = (
            f"{name} is not installed: it comes with the extra `train`"
            " (.venv/bin/pip install -e '.[train]'). The built-in encoder does not need it."
        )
        raise ModelUnavailable(message) from error


def _fingerprint(model: object) -> str:
    digest = hashlib.sha256()
    state = model.state_dict()  # type: ignore[attr-defined]
    for name in sorted(state):
        digest.update(name.encode())
        digest.update(state[name].float().contiguous().numpy().tobytes())
    prompts = [getattr(model, "prompts", {}), getattr(model, "default_prompt_name", None)]
    digest.update(json.dumps(prompts, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def write_transformer(folder: Path, weights: EncoderWeights) -> None:
    """Write the transformer alone, as Hugging Face's BERT with its tokenizer, into a folder."""
    vocabulary, shape = weights.vocabulary, weights.shape
    kept = kept_pieces(vocabulary)
    make_tokenizer(vocabulary, kept).save(str(folder / "tokenizer.json"), pretty=False)
    tokens = {
        f"{kind}_token": vocabulary.pieces[getattr(vocabulary, kind)]
        for kind in ("bos", "eos", "pad", "unk")
    }
    tokens |= {"cls_token": tokens["bos_token"], "sep_token": tokens["eos_token"]}
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "model_input_names": ["input_ids", "attention_mask"],
        **tokens,
    }
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(kept),
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": 2,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": int(np.searchsorted(kept, vocabulary.pad)),
    }
    for name, content in (("config.json", config), ("tokenizer_config.json", tokenizer_config)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    safetensors = import_extra("safetensors.numpy")
    tensors = _bert_tensors(weights, kept)
    safetensors.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _bert_tensors(
    weights: EncoderWeights, kept: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    hidden, vectors = weights.shape.hidden, weights.vectors
    words = weights.matrices["emb.word"].take_rows(kept)
    tensors = {
        "embeddings.word_embeddings.weight": words.dequantised(),
        "embeddings.position_embeddings.weight": vectors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": vectors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": vectors["emb.ln.w"],
        "embeddings.LayerNorm.bias": vectors["emb.ln.b"],
        # The pooler is not in the source and not used; zeros keep the library from inventing one.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for layer in range(weights.shape.layers):
        for ours, theirs in layer_names(layer).items():
            is_vector = ours in vectors
            tensors[theirs] = vectors[ours] if is_vector else weights.plain(ours)
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
