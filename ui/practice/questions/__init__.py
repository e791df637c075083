"""The questions of the Practice page: kinds that make questions out of chance, one file for each lesson.

A question is made anew in every run, in the reader's language; the same sheet number gives the same numbers.
A new kind is a function and its line in the `KINDS` of its file; the tests run over `KINDS` here.
"""

from ui.practice.questions import information, layer, loss, softmax, training
from ui.practice.questions.base import Kind as Kind
from ui.practice.questions.base import Link as Link
from ui.practice.questions.base import Question as Question

KINDS: tuple[Kind, ...] = (*softmax.KINDS, *loss.KINDS, *information.KINDS, *layer.KINDS, *training.KINDS)
