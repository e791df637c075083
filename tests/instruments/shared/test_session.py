"""The protocol between Python and a board: what the learner did, what Python put, and which of them is the later one."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import pytest

from instruments.logit_board import BoardState
from instruments.shared import session
from instruments.shared.session import Boards

START = BoardState((1.0, 2.0), names=("", ""))
PRESET = BoardState((5.0, 6.0), names=("", ""))


class Browser:
    """Takes the data of a mounted board and sends messages back, as the component does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.memory: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.boards = Boards("logit_board", BoardState)
        monkeypatch.setattr(session, "st", SimpleNamespace(session_state=self.memory))
        monkeypatch.setattr(session, "component", lambda name: self._mounted)

    def _mounted(self, *, key: str, data: dict[str, Any], on_state_change: object) -> None:
        self.data = data

    def run(self) -> BoardState:
        return self.boards.mount("board", START, BoardState(), names=["a"])

    def send(self, revision: int, logits: tuple[float, ...]) -> None:
        state = asdict(START) | {"logits": logits}
        self.memory["board"] = {"state": {**state, "revision": revision}}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(monkeypatch)


def test_a_board_starts_from_the_link_and_is_not_known_before(browser: Browser) -> None:
    assert browser.boards.current("board") is None
    assert browser.run() == START
    assert browser.data["state"]["logits"] == (1.0, 2.0)
    assert browser.data["standard"]["logits"] == BoardState().logits
    assert browser.data["names"] == ["a"]
    assert browser.boards.current("board") == START


def test_what_the_hand_did_is_taken_and_the_data_stay_equal(browser: Browser) -> None:
    browser.run()
    before = browser.data
    browser.send(0, (3.0, 2.0))
    assert browser.run().logits == (3.0, 2.0)
    assert browser.data == before, "changed data would be sent to the browser again"


def test_a_message_from_the_middle_of_a_drag_is_told_from_one_at_rest(browser: Browser) -> None:
    browser.run()
    assert session.at_rest()
    for resting in (False, True):
        browser.send(0, (3.0, 2.0))
        browser.memory["board"]["state"]["resting"] = resting
        browser.run()
        assert session.at_rest() is resting
    browser.memory["board"]["state"]["resting"] = False
    browser.run()
    browser.boards.put("board", PRESET)  # the drag's message is late now
    browser.run()
    assert session.at_rest()


def test_a_preset_wins_over_a_message_that_was_on_its_way(browser: Browser) -> None:
    browser.run()
    browser.send(0, (3.0, 2.0))
    browser.boards.put("board", PRESET)
    assert browser.run() == PRESET
    assert (browser.data["revision"], browser.data["state"]["logits"]) == (1, (5.0, 6.0))
    browser.send(1, (5.5, 6.0))
    assert browser.run().logits == (5.5, 6.0)
    assert browser.data["state"]["logits"] == (5.0, 6.0)


def test_a_forged_message_changes_nothing(browser: Browser) -> None:
    browser.run()
    browser.send(0, (float("nan"), 2.0))
    assert browser.run() == START
    for forged in (
        "text",
        {"state": "text"},
        {"state": {"revision": 0}},
        {"state": {"revision": 0, "logits": {}}},
    ):
        browser.memory["board"] = forged
        assert browser.run() == START


def test_a_board_that_is_mounted_again_shows_what_it_showed_last(browser: Browser) -> None:
    browser.run()
    browser.send(0, (3.0, 2.0))
    browser.run()
    del browser.memory["board"]  # another page was visited
    assert browser.run().logits == (3.0, 2.0)
    assert browser.data["state"]["logits"] == (3.0, 2.0)


def test_a_preset_may_come_before_the_board(browser: Browser) -> None:
    browser.boards.put("board", PRESET)
    assert browser.run() == PRESET


def test_what_was_sent_before_the_session_knew_the_board_is_taken(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a lost server the board still stands in the browser, and a message overtakes the first run of the new session."""
    reruns = []
    monkeypatch.setattr(session.st, "rerun", lambda: reruns.append(1), raising=False)

    def mounted(*, key: str, data: dict[str, Any], on_state_change: object) -> None:
        browser.send(0, (3.0, 2.0))  # only now is it this session's

    monkeypatch.setattr(session, "component", lambda name: mounted)
    assert browser.run().logits == (3.0, 2.0)
    assert reruns == [1]  # what stands above the board follows
    browser.run()
    assert reruns == [1]
