"""The questions of the Practice page: kinds that make questions out of chance, one file for each lesson.

A question is made anew in every run, in the reader's language; the same sheet number gives the same numbers.
A new kind is a function in the file of its lesson with a line in `KINDS` there, and its code at the very end of `_ORDER` here; the tests
run over them.
"""

from ui.practice.questions import hidden_layer, information, layer, loss, softmax, text, training
from ui.practice.questions.base import Kind as Kind
from ui.practice.questions.base import Link as Link
from ui.practice.questions.base import Question as Question

_ORDER = (
    "shift", "gap", "ratio", "temperature", "formats", "loss", "from_loss", "gradient", "bits", "entropy", "divergence", "logit", "shape",
    "boundary", "parameters", "accuracy", "step", "sign", "sigmoid", "log_sum_exp", "jacobian", "soft", "huffman", "steps_per_epoch",
    "confusion", "penalty", "rate", "hidden_forward", "hidden_backward", "word_sum", "tf_idf",
)  # fmt: skip
"""Codes of all kinds. A link names a question by its place here, so a new one stands behind all others."""
_LESSONS = (softmax, loss, information, layer, training, hidden_layer, text)
KINDS: tuple[Kind, ...] = tuple(
    sorted((kind for lesson in _LESSONS for kind in lesson.KINDS), key=lambda kind: _ORDER.index(kind.code))
)
