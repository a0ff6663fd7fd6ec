"""Make a `tokenizers` tokenizer of the encoder's unigram vocabulary, cut to Chinese and Latin."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Nmt, Replace
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from nlu.convert_weights import Vocabulary

META = "\u2581"
"""SentencePiece's mark for the beginning of a word."""

_KEPT_LETTERS = ("CJK", "LATIN", "FULLWIDTH LATIN", "MODIFIER")
_WAVE = "\uff5e"  # nmt_nfkc leaves the full-width tilde alone, though NFKC does not
_WAVE_STAND_IN = "\ue0ff"


def kept_pieces(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Ids of the pieces worth keeping, rising: special ones, single characters of any script, and
    longer ones without letters of a script that neither Chinese nor English uses.

    Cutting changes no segmentation of text in the kept scripts, since a piece can only be chosen
    where its characters occur. The piece with the lowest score is kept: the penalty of an unknown
    character is counted from it.
    """
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk}
    lowest = int(np.argmin(vocabulary.scores))
    kept = [
        i
        for i, piece in enumerate(vocabulary.pieces)
        if i in special or i == lowest or _is_kept(piece)
    ]
    return np.array(kept, dtype=np.int64)


def _is_kept(piece: str) -> bool:
    text = piece.removeprefix(META)
    return len(text) <= 1 or all(_is_kept_character(c) for c in text)


def _is_kept_character(character: str) -> bool:
    if not unicodedata.category(character).startswith(("L", "M")):
        return True
    return unicodedata.name(character, "").startswith(_KEPT_LETTERS)


def make_tokenizer(vocabulary: Vocabulary, kept: NDArray[np.int64]) -> Tokenizer:
    """A tokenizer over the kept pieces, numbered by their place in `kept`, as XLM-R prepares text:
    SentencePiece's nmt_nfkc, runs of spaces as one, `<s> … </s>` around.

    It neither cuts nor pads; the caller sets that.
    """
    place = {int(old): new for new, old in enumerate(kept)}
    entries = [(vocabulary.pieces[i], float(vocabulary.scores[i])) for i in kept]
    tokenizer = Tokenizer(Unigram(entries, unk_id=place[vocabulary.unk], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            Replace(_WAVE, _WAVE_STAND_IN),
            Nmt(),
            NFKC(),
            Replace(_WAVE_STAND_IN, _WAVE),
            Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement=META, prepend_scheme="always")
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}",
        special_tokens=[(bos, place[vocabulary.bos]), (eos, place[vocabulary.eos])],
    )
    return tokenizer
