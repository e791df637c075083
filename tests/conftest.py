"""What tests of several folders use."""

from collections.abc import Callable, Iterator

import pytest

import locales


@pytest.fixture
def speak() -> Iterator[Callable[[str], object]]:
    """`speak("zh")`: messages are in that language until the test ends."""
    before = locales.use(lambda: locales.SOURCE_LANGUAGE)
    yield lambda code: locales.use(lambda: code)
    locales.use(before)
