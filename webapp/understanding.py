"""Puts the parts of an understanding together: trained model, encoder, the pack's names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from nlu.artefact import Manifest, load_model, save_model
from nlu.artefact_files import prepare_folder
from nlu.emotion_train import learn_emotions
from nlu.encoder import Encoder
from nlu.entities import find_entities
from nlu.entity_custom import CustomEntities, learn_entities
from nlu.entity_lexicon import load_lexicon
from nlu.errors import BadTrainingData
from nlu.evaluate import judge_unseen, measure
from nlu.formats import check_training_data, read_training_data
from nlu.kept_features import kept_features
from nlu.mood import read_mood_lexicon
from nlu.pipeline import FindsEntities, NluPipeline
from nlu.train import Trained, train
from nlu.training_data import TrainingData, find_problems, refuse
from nlu.understanding import Entity, Mood
from nlu.unseen import Progress
from nlu.yaml_values import read_values

DEFAULT_TIMEZONE = "Asia/Shanghai"


def load_understanding(
    model: Path,
    *,
    encoder: Encoder,
    pack: Path,
    timezone: str = DEFAULT_TIMEZONE,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> NluPipeline:
    """The understanding of a trained model, with the names that it and a pack's lexicon know.

    Relative dates are counted on the calendar of `timezone`. Raises ModelUnavailable,
    ModelMismatch and BadTrainingData (for the lexicon).
    """
    trained = load_model(model, encoder=encoder.fingerprint)
    return NluPipeline(
        trained,
        encoder.features,
        find_entities=_entities_of(pack, trained.custom, ZoneInfo(timezone), clock),
    )


def train_pack(
    pack: Path,
    *,
    out: Path,
    encoder: Encoder,
    features_file: Path,
    now: datetime,
    progress: Progress = lambda stage, done: None,
) -> Manifest:
    """Train a pack's model, see `train_data`."""
    data, problems = check_training_data([pack])
    refuse(problems)
    return train_data(
        data,
        titles=read_titles(pack),
        out=out,
        encoder=encoder,
        features_file=features_file,
        common=pack.parent / "common",
        mood=pack / "mood.yml",
        now=now,
        progress=progress,
    )


def train_data(
    data: TrainingData,
    *,
    out: Path,
    encoder: Encoder,
    features_file: Path,
    common: Path,
    mood: Path | None = None,
    titles: Mapping[str, Sequence[str]] | None = None,
    now: datetime,
    precision: float | None = None,
    progress: Progress = lambda stage, done: None,
) -> Manifest:
    """Train on what was read; `out` holds the earlier model until the new one is whole.

    `features_file` keeps what the encoder said of the texts, for the next training. `common` is the
    folder of what all packs share, any of which may be missing: `mood.yml`, the words of moods, for
    which `mood` stands in where it exists; examples of emotions beside it in `mood/train.yml`; and
    `everyday.yml`, what people write to anybody.
    `titles` are what people are shown for the names of intents, which teach as these do.
    `precision` is how often an intent must be right to be acted on (`nlu.thresholds`), None any.
    Raises BadTrainingData with every error of the data, and UnusableFolder for `out`; nothing is
    trained then.
    """
    refuse(find_problems(data))
    prepare_folder(out)
    words = mood if mood is not None and mood.exists() else common / "mood.yml"
    mood_text = words.read_text(encoding="utf-8") if words.exists() else None
    lexicon = read_mood_lexicon(mood_text, file=str(words)) if mood_text is not None else None
    with kept_features(encoder.features, features_file) as features:
        trained = train(
            data.examples,
            features,
            mood=lexicon,
            language=encoder.words(),
            precision=precision,
            everyday=read_everyday(common),
            titles=titles,
            progress=progress,
        )
        felt = words.with_suffix("") / "train.yml"
        emotion = None
        if lexicon is not None and felt.exists():
            labelled = read_training_data([felt]).examples
            emotion = learn_emotions(labelled, data.examples, features, lexicon)
    return save_model(
        replace(trained.model, custom=learn_entities(data), emotion=emotion),
        out,
        encoder=encoder.fingerprint,
        examples=data.examples,
        scores=_scores(trained),
        created_at=now,
        mood_text=mood_text,
    )


def _scores(trained: Trained) -> dict[str, float]:
    metrics = asdict(measure(judge_unseen(trained)))
    return {name: round(value, 4) for name, value in metrics.items() if value is not None}


def read_everyday(common: Path) -> tuple[str, ...]:
    """What people write to anybody, from the folder that all packs share; nothing without it.

    Raises BadTrainingData.
    """
    path = common / "everyday.yml"
    return tuple(e.text for e in read_training_data([path]).examples) if path.exists() else ()


def read_titles(pack: Path) -> dict[str, tuple[str, ...]]:
    """What a pack's wording, or else the wording that all packs share, calls its intents: by name,
    a title in each language.

    Whether the wording is whole is asked where it is used (`dialogue.wording.load_wording`). Raises
    BadTrainingData for a file that cannot be read.
    """
    titles: dict[str, dict[str, str]] = {}
    for folder in (pack.parent / "common", pack):
        for path in sorted((folder / "wording").glob("*.yml")):
            for name, title in _intent_titles(path).items():
                titles.setdefault(str(name), {})[path.stem] = str(title or "")
    return {name: tuple(filter(None, shown.values())) for name, shown in titles.items()}


def read_titles_of(sources: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """The titles of those sources of training data that are packs; of two the later one's.

    Raises BadTrainingData.
    """
    packs = [source for source in sources if (source / "wording").is_dir()]
    return {name: shown for pack in packs for name, shown in read_titles(pack).items()}


def _intent_titles(path: Path) -> Mapping[object, object]:
    try:
        content = read_values(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadTrainingData(f"{path}: not YAML: {error}") from error
    intents = content.get("intents") if isinstance(content, dict) else None
    return intents if isinstance(intents, dict) else {}


def _entities_of(
    pack: Path, custom: CustomEntities, timezone: ZoneInfo, clock: Callable[[], datetime]
) -> FindsEntities:
    lexicon = load_lexicon(pack / "lexicon")

    def find(text: str, *, now: datetime | None, mood: Mood) -> tuple[Entity, ...]:
        moment = (now or clock()).astimezone(timezone)
        return find_entities(text, now=moment, lexicon=lexicon, custom=custom, mood=mood)

    return find
