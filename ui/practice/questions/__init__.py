"""The questions of the Practice page: kinds that make questions out of chance, one file for each lesson.

A question is made anew in every run, in the reader's language; the same sheet number gives the same numbers.
A new kind is a function in the file of its lesson, and its line at the very end of `KINDS` here; the tests run over them.
"""

from ui.practice.questions import hidden_layer, information, layer, loss, softmax, text, training
from ui.practice.questions.base import Kind as Kind
from ui.practice.questions.base import Link as Link
from ui.practice.questions.base import Question as Question

_FIRST = (*softmax.KINDS, *loss.KINDS, *information.KINDS, *layer.KINDS, *training.KINDS)
_LATER = (*softmax.LATER, *loss.LATER, *information.LATER, *training.LATER, *hidden_layer.KINDS, *text.LATER)

# A link names a question by its place, so a new kind stands behind all others.
KINDS: tuple[Kind, ...] = (*_FIRST, *_LATER)
