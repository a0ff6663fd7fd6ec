"""What of a trained understanding is kept, as bytes: arrays, words and the files it learnt from."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.emotion import EmotionClassifier
from nlu.entity_custom import NO_CUSTOM, read_entities, write_entities
from nlu.errors import BadTrainingData
from nlu.intents import IntentClassifier
from nlu.likelihood import LikelihoodRatio
from nlu.model import NluModel
from nlu.mood import read_mood_lexicon
from nlu.ngrams import CharNgrams
from nlu.out_of_scope import EVIDENCE, Neighbours, ScopeEvidence, ScopeJudge
from nlu.spelling import read_speller, write_speller
from nlu.trust import Trust

BROKEN: Final = (
    *(KeyError, ValueError, TypeError, EOFError),
    *(BadZipFile, RecursionError, BadTrainingData),
)
"""What reading parts raises that are broken."""

_Words = Mapping[str, Any]
_Arrays = Mapping[str, NDArray[Any]]


def write_parts(model: NluModel, *, mood_text: str | None) -> dict[str, bytes]:
    """The parts of a model by their names (`Manifest.files`); `mood_text` is the data file that
    `model.mood` was read from."""
    parts = {"arrays": _arrays(model), "words": _words(model)}
    if mood_text is not None:
        parts["mood"] = mood_text.encode()
    if model.speller is not None:
        parts["spelling"] = write_speller(model.speller).encode()
    if not model.custom.is_empty:
        parts["entities"] = write_entities(model.custom).encode()
    if model.emotion is not None:
        parts["emotion"] = model.emotion.to_bytes()
    return parts


def _arrays(model: NluModel) -> bytes:
    out = io.BytesIO()
    classifier, judge = model.classifier, model.judge
    np.savez(
        out,
        idf=classifier.ngrams_.idf_,
        centre=classifier.centre_,
        weights=classifier.weights_,
        intercept=classifier.intercept_,
        own=model.evidence.own_.vectors_.astype(np.float16),
        contrast=model.evidence.contrast_.vectors_.astype(np.float16),
        quadric=model.evidence.likelihood_.quadric,
        linear=model.evidence.likelihood_.linear,
        constant=model.evidence.likelihood_.constant,
        beliefs=model.evidence.trust_.beliefs.astype(np.float16),
        trust=model.evidence.trust_.weights.astype(np.float16),
        judge_middle=judge.middle_,
        judge_spread=judge.spread_,
        judge_ceiling=judge.ceiling_,
        judge_weights=judge.weights_,
        rarity=model.rarity,
    )
    return out.getvalue()


def _words(model: NluModel) -> bytes:
    classifier, judge = model.classifier, model.judge
    vocabulary = classifier.ngrams_.vocabulary_
    content = {
        "classes": classifier.classes_,
        "vector_weight": classifier.vector_weight,
        "longest": classifier.ngrams_.longest,
        "ngrams": sorted(vocabulary, key=vocabulary.__getitem__),
        "temperature": model.temperature,
        "thresholds": model.thresholds,
        "usual_belief": model.evidence.trust_.usual,
        "judge_intercept": judge.intercept_,
        "judge_threshold": judge.threshold_,
        "evidence": EVIDENCE,
        "neighbours": [model.evidence.own_.neighbours, model.evidence.contrast_.neighbours],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def read_parts(parts: Mapping[str, bytes]) -> NluModel:
    """The model that was written so. Raises one of `BROKEN` when a part is broken or judges scope
    by other evidence than this program."""
    words = json.loads(parts["words"])
    with np.load(io.BytesIO(parts["arrays"]), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if tuple(words["evidence"]) != EVIDENCE:
        raise ValueError("it judges scope by other evidence than this program")
    mood = read_mood_lexicon(parts["mood"].decode()) if "mood" in parts else None
    custom = read_entities(parts["entities"].decode()) if "entities" in parts else NO_CUSTOM
    emotion = EmotionClassifier.from_bytes(parts["emotion"]) if "emotion" in parts else None
    speller = read_speller(parts["spelling"].decode()) if "spelling" in parts else None
    return NluModel(
        _classifier(words, arrays),
        _evidence(words, arrays),
        _judge(words, arrays),
        words["temperature"],
        arrays["rarity"],
        mood,
        custom,
        emotion,
        speller,
        tuple(words["thresholds"]),
    )


def _classifier(words: _Words, arrays: _Arrays) -> IntentClassifier:
    classifier = IntentClassifier(vector_weight=words["vector_weight"])
    classifier.ngrams_ = CharNgrams(longest=words["longest"])
    classifier.ngrams_.vocabulary_ = {gram: i for i, gram in enumerate(words["ngrams"])}
    classifier.ngrams_.idf_ = arrays["idf"]
    classifier.classes_ = tuple(words["classes"])
    classifier.centre_, classifier.weights_ = arrays["centre"], arrays["weights"]
    classifier.intercept_ = arrays["intercept"]
    return classifier


def _evidence(words: _Words, arrays: _Arrays) -> ScopeEvidence:
    evidence = ScopeEvidence()
    own, contrast = words["neighbours"]
    evidence.own_ = Neighbours(neighbours=own).fit(arrays["own"])
    evidence.contrast_ = Neighbours(neighbours=contrast).fit(arrays["contrast"])
    shape = (arrays[name] for name in ("quadric", "linear", "constant"))
    evidence.likelihood_ = LikelihoodRatio(*shape)
    beliefs, line = (arrays[name].astype(np.float32) for name in ("beliefs", "trust"))
    evidence.trust_ = Trust(beliefs, line, words["usual_belief"])
    return evidence


def _judge(words: _Words, arrays: _Arrays) -> ScopeJudge:
    judge = ScopeJudge()
    judge.middle_, judge.spread_ = arrays["judge_middle"], arrays["judge_spread"]
    judge.ceiling_ = arrays["judge_ceiling"]
    judge.weights_, judge.intercept_ = arrays["judge_weights"], words["judge_intercept"]
    judge.threshold_ = words["judge_threshold"]
    return judge
