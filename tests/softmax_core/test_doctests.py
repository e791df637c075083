"""Every example in every docstring of softmax_core runs and says what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import softmax_core

MODULES = sorted(m.name for m in pkgutil.walk_packages(softmax_core.__path__, "softmax_core."))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_modules_were_found() -> None:
    assert {"softmax_core.functional", "softmax_core.training.loop"} <= set(MODULES)


@pytest.mark.parametrize(
    "name",
    [
        "functional",
        "losses",
        "information",
        "huffman",
        "regression",
        "metrics",
        "geometry",
        "datasets",
    ],
)
def test_public_functions_have_an_example(name: str) -> None:
    module = importlib.import_module(f"softmax_core.{name}")
    for attribute in vars(module).values():
        is_public = callable(attribute) and getattr(attribute, "__module__", "") == module.__name__
        if is_public and not attribute.__name__.startswith("_"):
            assert ">>>" in (attribute.__doc__ or ""), f"{name}.{attribute.__name__} has no example"
