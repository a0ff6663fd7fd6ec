"""Decides whether a message is ours to answer: confidence, distance and contrast examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.intents import Floats, IntentClassifier
from nlu.likelihood import NO_LIKELIHOOD, LikelihoodRatio, fit_likelihood_ratio
from nlu.trust import NO_TRUST, Trust, fit_trust
from nlu.understanding import OUT_OF_SCOPE

EVIDENCE = (
    *("margin", "gap", "nearness", "known", "off_contrast", "contrast_nearness", "lead"),
    *("likelihood", "trust"),
)
TAUGHT = ~np.isin(EVIDENCE, ("lead", "likelihood", "trust"))
"""What contrast examples teach a weight for; the lead is the difference of two of these, and the
likelihood says nothing beside them (docs/adr/0008)."""
PRIOR = np.array([2.0, 0.0, 0.0, 0.5, 2.0, 0.0, 2.0, 1.0, 3.0], dtype=np.float32)
CEILING = np.where(np.isin(EVIDENCE, ("known", "off_contrast", "lead")), np.float32(-1), np.inf)
"""Above these deviations from the mean of texts in scope, evidence says no more, unless contrast
examples teach better: a stranger that sounds like us uses our words as well as we do, so only their
lack tells (`scripts/compare_scope.py`)."""

_LEAST_SPREAD = 1e-3  # few texts may agree in a measure by chance
_SAMPLE = 1000  # own texts that say how near to each other they stand
_MOST_LOGIT = 60.0  # beyond it a probability is 0 or 1 in every respect, and exp overflows


class Neighbours:
    """How near a vector is to those seen in training."""

    vectors_: Floats

    def __init__(self, *, neighbours: int = 5, most: int = 20_000, seed: int = 0) -> None:
        self.neighbours = neighbours
        self.most = most
        self.seed = seed

    def fit(self, vectors: Floats) -> Neighbours:
        """Keep the vectors (rows of unit length), or a sample of `most` where there are more."""
        # Files keep half precision; so does this, or a loaded model would answer differently.
        self.vectors_ = vectors[self.kept(len(vectors))].astype(np.float16).astype(np.float32)
        return self

    def kept(self, count: int) -> NDArray[np.int64]:
        """The rows that are kept of so many vectors, rising."""
        if count <= self.most:
            return np.arange(count)
        rows: NDArray[np.int64] = np.random.default_rng(self.seed).permutation(count)[: self.most]
        return np.sort(rows)

    def nearness(self, vectors: Floats) -> Floats:
        """The mean cosine with the nearest vectors, shape (vectors,); 0 when none was learnt."""
        return self.measure(vectors, NO_TRUST)[0]

    def measure(self, vectors: Floats, trust: Trust) -> tuple[Floats, Floats]:
        """The nearness, and what is believed of the labels of the nearest vectors (`Trust.around`),
        each of shape (vectors,); 0 when none was learnt."""
        count = min(self.neighbours, len(self.vectors_))
        near, believed = (np.zeros(len(vectors), np.float32) for _ in range(2))
        for start in range(0, len(vectors) if count else 0, 1024):
            part = slice(start, start + 1024)
            cosines = vectors[part] @ self.vectors_.T
            near[part] = np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
            believed[part] = trust.around(cosines)
        return near, believed


def foreign(own: Floats, others: Floats) -> NDArray[np.bool_]:
    """Which of the others are farther from our vectors than half of ours are from each other.

    Both are of unit length. An assistant may well be asked for the weather: what people write to
    anybody is strange only where it is not near to what its examples say.
    """
    sample = own[np.linspace(0, len(own) - 1, min(len(own), _SAMPLE)).astype(np.int64)]
    nearest = Neighbours().fit(own)
    with_itself = Neighbours(neighbours=nearest.neighbours + 1).fit(own)
    count = min(with_itself.neighbours, len(own))
    to_others = (with_itself.nearness(sample) * count - 1) / max(count - 1, 1)
    result: NDArray[np.bool_] = nearest.nearness(others) < np.median(to_others)
    return result


class ScopeEvidence:
    """What speaks for and against a text being in scope, measured by a trained classifier."""

    own_: Neighbours
    contrast_: Neighbours
    likelihood_: LikelihoodRatio
    trust_: Trust

    def fit(
        self,
        classifier: IntentClassifier,
        texts: Sequence[str],
        vectors: Floats,
        labels: Sequence[str],
        *,
        beliefs: Floats | None = None,
        taught: bool = False,
    ) -> ScopeEvidence:
        """Keep the training vectors (texts, dimension) of intents and of contrast examples apart.

        `beliefs` says how far the labels of the intents' texts are believed, (those texts,), where
        many are wrong (`Trust`). `taught` is whether contrast examples will teach the weights; what
        `PRIOR` alone weighs, likelihood and trust, is then not learnt.
        """
        is_contrast = np.array([label == OUT_OF_SCOPE for label in labels], dtype=np.bool_)
        centred = classifier.centred(vectors)
        self.own_ = Neighbours().fit(centred[~is_contrast])
        self.contrast_ = Neighbours(neighbours=3).fit(centred[is_contrast])
        own_labels = [label for label in labels if label != OUT_OF_SCOPE]
        self.likelihood_ = (
            NO_LIKELIHOOD if taught else fit_likelihood_ratio(centred[~is_contrast], own_labels)
        )
        self.trust_ = NO_TRUST
        if beliefs is not None and not taught:
            kept = self.own_.kept(len(own_labels))
            rows = np.flatnonzero(~is_contrast)[kept]
            features = classifier.features([texts[i] for i in rows], vectors[rows])
            self.trust_ = fit_trust(*features, beliefs[kept])
        return self

    @property
    def taught(self) -> bool:
        """Whether contrast examples taught the weights."""
        return not self.likelihood_.is_learnt

    def measure(
        self, classifier: IntentClassifier, texts: Sequence[str], vectors: Floats, margins: Floats
    ) -> Floats:
        """Float32 of shape (texts, len(EVIDENCE)).

        Margin of the best intent, its lead over the second, nearness to the training vectors and
        the share of known n-grams; then how far on the other side than the contrast examples,
        the nearness to these, and how much nearer the training vectors are (all 0 where there are
        none); at last the likelihood ratio, and how far the labels around are believed.
        """
        is_contrast = np.array([name == OUT_OF_SCOPE for name in classifier.classes_])
        own = np.sort(margins[:, ~is_contrast], axis=1)
        second = own[:, -2] if own.shape[1] > 1 else own[:, -1] - 1
        centred = classifier.centred(vectors)
        near, believed = self.own_.measure(centred, self.trust_)
        near_contrast = self.contrast_.nearness(centred)
        columns = [
            own[:, -1],
            own[:, -1] - second,
            near,
            np.array([classifier.ngrams_.known_share(text) for text in texts], np.float32),
            self._off_contrast(margins[:, is_contrast]) if is_contrast.any() else None,
            near_contrast,
            near - near_contrast if len(self.contrast_.vectors_) else None,
            self.likelihood_.measure(centred),
            self._trust(classifier, texts, vectors, believed) if self.trust_.is_learnt else None,
        ]
        zeros = np.zeros(len(texts), np.float32)
        return np.stack([zeros if c is None else c for c in columns], axis=1).astype(np.float32)

    def _trust(
        self, classifier: IntentClassifier, texts: Sequence[str], vectors: Floats, believed: Floats
    ) -> Floats:
        """The mean of what is believed of the nearest labels and what the line says."""
        line = classifier.weigh(texts, vectors, self.trust_.weights)[:, 0]
        result: Floats = (believed + line + np.float32(self.trust_.usual)) / np.float32(2)
        return result

    def _off_contrast(self, margins: Floats) -> Floats:
        """How far on the other side; with taught weights, farther than the machine wants says no
        more."""
        off: Floats = -margins.max(axis=1)
        return np.minimum(off, np.float32(1)) if self.taught else off


class ScopeJudge:
    """Evidence to one calibrated probability of being in scope, and the threshold to act on.

    A logistic regression over standardised evidence, both classes weighing the same. Without
    contrast examples only the sum of the evidence by PRIOR, each up to its CEILING, is calibrated:
    weights learnt from intents that were left out would trust the margin alone, which knows near
    strangers but not far ones.
    """

    middle_: Floats
    spread_: Floats
    ceiling_: Floats
    weights_: Floats
    intercept_: float
    threshold_: float

    def __init__(self, *, most_rejected: float = 0.02) -> None:
        self.most_rejected = most_rejected

    def fit(self, evidence: Floats, in_scope: NDArray[np.bool_], *, contrast: bool) -> ScopeJudge:
        """Learn from evidence on unseen texts; `contrast` says whether real strangers are there.

        The threshold balances wrongly rejected and wrongly accepted texts, but never rejects more
        than the share `most_rejected` of the texts in scope.
        """
        from sklearn.linear_model import LogisticRegression  # serving never loads scikit-learn

        measured = evidence if contrast else evidence[in_scope]
        self.middle_ = measured.mean(axis=0).astype(np.float32)
        self.spread_ = np.maximum(measured.std(axis=0), _LEAST_SPREAD).astype(np.float32)
        self.ceiling_ = np.full_like(CEILING, np.inf) if contrast else CEILING
        standard = self._standard(evidence)
        regression = LogisticRegression(class_weight="balanced", max_iter=1000)
        if contrast:
            weights = np.zeros(len(EVIDENCE))
            weights[TAUGHT] = regression.fit(standard[:, TAUGHT], in_scope).coef_[0]
        else:
            sums = standard @ PRIOR
            weights = regression.fit(sums[:, None], in_scope).coef_[0] * PRIOR
        self.weights_ = weights.astype(np.float32)
        self.intercept_ = float(regression.intercept_[0])
        self.threshold_ = self._balance(self.in_scope(evidence), in_scope)
        return self

    def in_scope(self, evidence: Floats) -> Floats:
        """The probability of being in scope, shape (texts,)."""
        logits = self._standard(evidence) @ self.weights_ + self.intercept_
        odds = np.exp(-np.clip(logits, -_MOST_LOGIT, _MOST_LOGIT))
        result: Floats = (1 / (1 + odds)).astype(np.float32)
        return result

    def _standard(self, evidence: Floats) -> Floats:
        standard: Floats = np.minimum((evidence - self.middle_) / self.spread_, self.ceiling_)
        return standard

    def _balance(self, probability: Floats, in_scope: NDArray[np.bool_]) -> float:
        own, strange = np.sort(probability[in_scope]), np.sort(probability[~in_scope])
        candidates = np.unique(probability)
        rejected = np.searchsorted(own, candidates) / max(len(own), 1)
        accepted = 1 - np.searchsorted(strange, candidates) / max(len(strange), 1)
        best = float(candidates[int(np.argmin(rejected + accepted))])
        return min(best, float(np.quantile(own, self.most_rejected)))
