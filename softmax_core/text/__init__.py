"""Texts as bags of words, and softmax regression on them."""

from __future__ import annotations

from softmax_core.text.corpus import SHIPPED, Corpus, sentiment
from softmax_core.text.model import (
    TextConfig,
    TextModel,
    learning_sizes,
    share_right,
    train_on_texts,
    try_out,
)
from softmax_core.text.tokens import tokenise

__all__ = [
    "SHIPPED",
    "Corpus",
    "TextConfig",
    "TextModel",
    "learning_sizes",
    "sentiment",
    "share_right",
    "tokenise",
    "train_on_texts",
    "try_out",
]
