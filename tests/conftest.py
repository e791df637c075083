"""What tests of several folders use."""

import os
from collections.abc import Callable, Iterator

# One BLAS thread, as in the app: the threads of two workers would wait for each other. Before NumPy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pytest
from hypothesis import settings

import locales

# No deadline: a busy machine is no error. Derandomised: the same commit gives the same verdict.
settings.register_profile("lab", deadline=None, derandomize=True)
settings.load_profile("lab")


@pytest.fixture
def speak() -> Iterator[Callable[[str], object]]:
    """`speak("zh")`: messages are in that language until the test ends."""
    before = locales.use(lambda: locales.SOURCE_LANGUAGE)
    yield lambda code: locales.use(lambda: code)
    locales.use(before)
