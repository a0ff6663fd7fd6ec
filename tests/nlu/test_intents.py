"""The classifier, its n-grams and its calibration."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.folds import stratified_folds, stratified_split
from nlu.intents import IntentClassifier, fit_temperature, probabilities, rarity
from nlu.ngrams import CharNgrams
from tests.nlu.toy import EXAMPLES, toy_encode

TEXTS = [e.text for e in EXAMPLES]
LABELS = [e.intent for e in EXAMPLES]


def test_ngrams_weigh_as_scikit_learn_does() -> None:
    own = CharNgrams(longest=3, min_count=2).fit(TEXTS)
    theirs = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    expected = theirs.fit_transform([f"\x02{text}\x03" for text in TEXTS])
    assert sorted(own.vocabulary_) == sorted(theirs.vocabulary_)
    columns = [theirs.vocabulary_[gram] for gram in own.vocabulary_]
    np.testing.assert_allclose(
        own.transform(TEXTS).toarray(), expected.toarray()[:, columns], atol=1e-6
    )


def test_the_most_frequent_ngrams_are_kept_when_there_are_too_many() -> None:
    every = CharNgrams(min_count=1).fit(TEXTS).vocabulary_
    kept = CharNgrams(min_count=1, most=20).fit(TEXTS)
    assert len(kept.vocabulary_) == len(kept.idf_) == 20 < len(every)
    frequency = {gram: sum(gram in f"\x02{text}\x03" for text in TEXTS) for gram in every}
    rarest = min(frequency[gram] for gram in kept.vocabulary_)
    assert rarest >= max(frequency[gram] for gram in every.keys() - kept.vocabulary_.keys())


def test_no_intent_hangs_on_the_digits_of_a_number() -> None:
    ngrams = CharNgrams(min_count=1).fit(["订单20261101000001"])
    one, other = ngrams.row("订单20261101000001"), ngrams.row("订单99999999999999")
    assert one[0].tolist() == other[0].tolist()
    assert ngrams.known_share("订单12345") == 1.0
    assert ngrams.known_share("") == 0.0


def test_the_classifier_is_the_machine_that_scikit_learn_finds() -> None:
    vectors = toy_encode(TEXTS)
    classifier = IntentClassifier().fit(TEXTS, vectors, LABELS)
    machine = LinearSVC(C=classifier.softness, random_state=0, max_iter=50_000, tol=1e-6)
    dense = classifier.vector_weight * classifier.centred(vectors)
    features = sp.hstack([classifier.ngrams_.transform(TEXTS), sp.csr_matrix(dense)], format="csr")
    machine.fit(features, LABELS)
    together = classifier.margins(TEXTS, vectors)
    np.testing.assert_allclose(together, machine.decision_function(features), atol=2e-3)
    one_by_one = [
        classifier.margins([t], v[None, :])[0] for t, v in zip(TEXTS, vectors, strict=True)
    ]
    np.testing.assert_allclose(one_by_one, together, atol=1e-5)


def test_two_classes_have_two_columns() -> None:
    texts, labels = TEXTS[:16], LABELS[:16]
    classifier = IntentClassifier().fit(texts, toy_encode(texts), labels)
    margins = classifier.margins(texts, toy_encode(texts))
    assert [classifier.classes_[i] for i in margins.argmax(axis=1)] == labels


def test_learning_again_forgets_what_was_learnt_before() -> None:
    vectors = toy_encode(TEXTS)
    fresh = IntentClassifier().fit(TEXTS[8:], vectors[8:], LABELS[8:])
    again = IntentClassifier().fit(TEXTS, vectors, LABELS).fit(TEXTS[8:], vectors[8:], LABELS[8:])
    assert again.classes_ == fresh.classes_
    np.testing.assert_array_equal(again.weights_, fresh.weights_)


def test_the_temperature_makes_confidence_as_high_as_accuracy() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, size=600)
    margins = rng.normal(0, 0.4, size=(600, 3)).astype(np.float32)
    margins[np.arange(600), truth] += 0.6
    found = probabilities(margins, temperature=fit_temperature(margins, truth))
    accuracy = float(np.mean(found.argmax(axis=1) == truth))
    assert float(found.max(axis=1).mean()) == pytest.approx(accuracy, abs=0.05)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_wrong_labels_do_not_make_right_answers_look_doubtful() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 10, size=2000)
    margins = rng.normal(0, 0.3, size=(2000, 10)).astype(np.float32)
    margins[np.arange(2000), truth] += 1.2
    labels = np.where(rng.uniform(size=2000) < 0.4, rng.integers(0, 10, size=2000), truth)

    def gap(noisy: bool) -> float:
        found = probabilities(margins, temperature=fit_temperature(margins, labels, noisy=noisy))
        accuracy = np.mean(found.argmax(axis=1) == truth)
        return abs(float(found.max(axis=1).mean() - accuracy))

    assert gap(noisy=True) < 0.03 < gap(noisy=False)


def test_labels_that_are_wrong_by_likeness_do_not_either() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 10, size=4000)
    margins = rng.normal(0, 0.3, size=(4000, 10)).astype(np.float32)
    margins[np.arange(4000), truth] += 1.2
    margins[np.arange(4000), truth ^ 1] += 0.6
    wrong = np.where(rng.uniform(size=4000) < 0.6, truth ^ 1, rng.integers(0, 10, size=4000))
    labels = np.where(rng.uniform(size=4000) < 0.4, wrong, truth)
    found = probabilities(margins, temperature=fit_temperature(margins, labels, noisy=True))
    accuracy = np.mean(found.argmax(axis=1) == truth)
    assert abs(float(found.max(axis=1).mean() - accuracy)) < 0.1


def test_folds_spread_every_class_and_keep_equal_sizes() -> None:
    labels = ["big"] * 12 + ["pair"] * 2 + ["lone"]
    folds = stratified_folds(labels, folds=5, seed=3)
    assert folds.tolist() == stratified_folds(labels, folds=5, seed=3).tolist()
    assert {int(n) for n in np.bincount(folds, minlength=5)} == {3}
    assert len(set(folds[12:14].tolist())) == 2


def test_a_split_leaves_every_class_something_to_learn_from() -> None:
    labels = ["many"] * 10 + ["pair"] * 2 + ["lone"]
    tested = stratified_split(labels, test_share=0.2)
    assert int(tested[:10].sum()) == 2
    assert int(tested[10:12].sum()) == 1
    assert not tested[12]


def test_copies_of_a_text_stay_on_one_side_of_a_split() -> None:
    texts = ["退货", "退货", " 退货！", "ＡＢＣ", "abc", "换货", "发票", "两边", "两边"]
    labels = ["a"] * 8 + ["b"]
    for seed in range(20):
        tested = stratified_split(labels, texts, test_share=0.5, seed=seed).tolist()
        assert len(set(tested[:3])) == len(set(tested[3:5])) == 1
        assert any(tested)
        assert not tested[7]
        assert not tested[8]


def test_a_rare_intent_gets_more_added_than_a_frequent_one() -> None:
    added = rarity(np.array([0] * 90 + [1] * 9 + [2]), intents=4, temperature=0.2)
    assert added[0] < added[1] < added[2]
    assert added[3] == added[2]  # one that cross-validation left without texts is as rare as can be
    np.testing.assert_allclose(added[1] - added[0], 0.5 * 0.2 * np.log(10), rtol=1e-5)


def test_equally_frequent_intents_stay_as_likely_as_they_were() -> None:
    margins = np.array([[0.3, -0.2, 0.1]], np.float32)
    added = rarity(np.array([0, 1, 2, 2, 1, 0]), intents=3, temperature=0.2)
    np.testing.assert_allclose(
        probabilities(margins + added, temperature=0.2),
        probabilities(margins, temperature=0.2),
        rtol=1e-5,
    )
