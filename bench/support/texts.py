"""As many texts and words as are read, made up."""

import numpy as np

from softmax_core.text import Corpus

WORDS, TEXTS, LENGTH = 20_000, 20_000, 43  # 43 words of five letters: a file of 5 MB, as large as one may be


def widest(n_classes: int = 10) -> Corpus:
    """Return as many texts and words as are read, with labels that say something."""
    rng = np.random.default_rng(0)
    names = np.array([f"w{i:04x}" for i in range(WORDS)])
    y = rng.integers(0, n_classes, TEXTS)
    places = rng.integers(0, WORDS, (TEXTS, LENGTH))
    places[:, :9] = (places[:, :9] // n_classes) * n_classes + y[:, np.newaxis]  # words of the class
    texts = tuple(" ".join(names[row]) for row in places % WORDS)
    return Corpus("widest", texts, y, np.arange(TEXTS) % 10 < 3, tuple("abcdefghij"))


def as_file(corpus: Corpus) -> bytes:
    """Write a corpus as the table that a learner would choose."""
    rows = zip(corpus.texts, corpus.y, strict=True)
    return "\n".join(["text,label", *(f"{text},{corpus.class_names[k]}" for text, k in rows)]).encode()
