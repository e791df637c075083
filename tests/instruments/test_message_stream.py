"""What a stream accepts from a link and from a browser."""

import pytest

from instruments.message_stream import LONGEST, StreamState, boards


def test_a_good_message_is_taken() -> None:
    assert boards.read({"count": LONGEST}) == StreamState(LONGEST)


@pytest.mark.parametrize("count", [-1, LONGEST + 1, None, "x", float("nan"), 10**400])
def test_a_bad_message_is_refused(count: object) -> None:
    with pytest.raises(ValueError):
        boards.read({"count": count})
