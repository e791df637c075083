"""A script as a Jupyter notebook that ends with a comparison with the run it was written for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.export.parts import array_text, block


def notebook(script: str, theta: npt.NDArray[np.floating], words: Mapping[str, str]) -> str:
    """Return a notebook: each part of the script in a cell of its own, then what it came to.

    Parameters
    ----------
    script
        From :func:`softmax_core.export.numpy_script`: it begins with a docstring, and leaves ``A``, ``y``, ``theta`` and ``log_softmax`` behind.
    theta
        Weights of the run, (m + 1, K): W with b as its last row.
    words
        Markdown for ``title`` (first cell), ``accuracy`` and ``compare`` (before the last two cells).

    Returns
    -------
    str
        JSON of nbformat 4.5. See "The Notebook file format", nbformat.readthedocs.io.
    """
    _docstring, *parts = (part.strip("\n") for part in re.split(r"\n\n+(?=\S)", script))
    cells = [
        _markdown(words["title"]),
        *map(_code, parts),
        _markdown(words["accuracy"]),
        _code(
            'P = np.exp(log_softmax(A @ theta))\nprint("accuracy", np.mean(P.argmax(axis=1) == np.asarray(y)))'
        ),
        _markdown(words["compare"]),
        _code(block(array_text("of_the_page", theta), "print(np.abs(theta - of_the_page).max())")),
    ]
    book = {
        "cells": [cell | {"id": f"cell-{i}"} for i, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, ensure_ascii=False, indent=1)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
