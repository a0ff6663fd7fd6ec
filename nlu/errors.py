"""What can go wrong in understanding.

NluError
├── ModelUnavailable   no model, or no encoder weights, where one was expected
├── ModelMismatch      a model that does not fit its manifest or this program
├── UnusableFolder     a folder that a model cannot be written to
└── BadTrainingData    training data that cannot be used; every problem with file and line
"""

from __future__ import annotations


class NluError(Exception):
    """Base of everything that `nlu` raises on purpose."""


class ModelUnavailable(NluError):
    """No model or encoder where one was expected; the message says how to get it."""


class ModelMismatch(NluError):
    """A model that does not fit its manifest, or was made by an incompatible program."""


class UnusableFolder(NluError):
    """A folder that a model cannot be written to; the message says what to do."""


class BadTrainingData(NluError):
    """Training data that cannot be used; the message lists every problem with file and line."""
