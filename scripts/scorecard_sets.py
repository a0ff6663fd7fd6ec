"""The public data sets and packs of docs/scorecard.md, and what we aim at on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A public data set: what it is, what we aim at and the best that anybody has published.

    `with_dev` is the name of the set of which train and dev are learnt from together.
    """

    what: str
    published: str
    aims: Mapping[str, float] = field(default_factory=dict)
    with_dev: str | None = None


SETS: Mapping[str, PublicSet] = {
    "smp2017": PublicSet(
        "SMP2017-ECDT, domains of Chinese assistants",
        "F1 about 0.94 (the task's reports); Rasa 3.6 DIET with jieba on the same files 0.859",
        {"accuracy": 0.95},
    ),
    "smp2017+dev": PublicSet(
        "the same, learnt from `train.tsv` and `dev.tsv`", "as above", {"accuracy": 0.95}, "smp2017"
    ),
    "cic": PublicSet(
        "DataCLUE CIC, buyers' sentences to shops; training labels are noisy on purpose",
        "macro-F1 0.746 (DataCLUE); human accuracy 0.874",
        {"accuracy": 0.85, "macro_f1": 0.77},
    ),
    "cic_oos": PublicSet(
        "the same with 30 intents held out (near) and small talk (far) as strangers",
        "-",
        {"near_oos_test.tsv": 0.86, "far_oos_test.tsv": 0.95},
    ),
    "clinc150": PublicSet(
        "CLINC150, English with real strangers",
        "BERT 0.962 (Larson et al. 2019)",
        {"accuracy": 0.958, "oos_test.tsv": 0.98},
    ),
    "hint3_curekart": PublicSet("HINT3 Curekart", "0.841 (Arora et al. 2020)", {"accuracy": 0.841}),
    "hint3_powerplay11": PublicSet(
        "HINT3 Powerplay11", "0.673 (Arora et al. 2020)", {"accuracy": 0.673}
    ),
    "hint3_sofmattress": PublicSet(
        "HINT3 SOFMattress", "0.753 (Arora et al. 2020)", {"accuracy": 0.753}
    ),
    "webank_faq34": PublicSet(
        "WeBank questions (BQ), 34 intents with training questions", "-", {"accuracy": 0.93}
    ),
}
PACKS = {"ecommerce": 0.95, "finance": 0.98, "education": 0.95, "saas": 0.95}
