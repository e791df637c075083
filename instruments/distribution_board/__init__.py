"""The distribution board: a true distribution P and a believed one Q under the hand, with entropy and divergence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from instruments.shared.bundle import component
from instruments.shared.values import FEWEST_CLASSES, MOST_CLASSES, check_shares, normalised
from instruments.shared.values import shares as shares

UNITS = ("nats", "bits")


@dataclass(frozen=True)
class PairState:
    """What a distribution board shows.

    Parameters
    ----------
    p, q
        K shares each, 2 to 10 of them, nonnegative, with sum 1 but for rounding.
    unit
        "nats" or "bits".

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    p: tuple[float, ...] = (0.5, 0.25, 0.125, 0.125)
    q: tuple[float, ...] = (0.2, 0.4, 0.2, 0.2)
    unit: str = "bits"

    def __post_init__(self) -> None:
        count = len(self.p)
        if not FEWEST_CLASSES <= count <= MOST_CLASSES:
            raise ValueError(f"a board has {FEWEST_CLASSES} to {MOST_CLASSES} symbols, got {count}")
        check_shares(self.p, count)
        check_shares(self.q, count)
        if self.unit not in UNITS:
            raise ValueError(f"the unit is one of {UNITS}, got {self.unit!r}")

    @property
    def true(self) -> tuple[float, ...]:
        """P divided by its sum."""
        return normalised(self.p)

    @property
    def believed(self) -> tuple[float, ...]:
        """Q divided by its sum."""
        return normalised(self.q)

    @property
    def base(self) -> float | None:
        """The base that softmax_core.information takes for the unit."""
        return 2.0 if self.unit == "bits" else None


def from_browser(value: Mapping[str, Any]) -> PairState:
    """Read a state that the browser sent. Whoever can open the page can send anything, so it is checked here.

    Raises
    ------
    ValueError
        If it is not a state.
    """
    try:
        return PairState(
            p=tuple(float(share) for share in value["p"]),
            q=tuple(float(share) for share in value["q"]),
            unit=str(value["unit"]),
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"not a pair of distributions: {error}") from error


def unit(text: str) -> str:
    """Read a unit from a parameter.

    Raises
    ------
    ValueError
        If it is neither nats nor bits.
    """
    if text not in UNITS:
        raise ValueError(f"the unit is one of {UNITS}, got {text[:40]!r}")
    return text


def put(key: str, state: PairState) -> None:
    """Show ``state`` on the board ``key`` from the next rerun on, whatever the hand did before (for presets)."""
    slot = _slot(key)
    slot["revision"] += 1
    slot["state"] = state


def current(key: str) -> PairState | None:
    """Return what the board ``key`` showed last in this session, or None where it has not been mounted."""
    slot = st.session_state.get(f"{key}_slot")
    return None if slot is None else slot["state"]


def _slot(key: str) -> dict[str, Any]:
    name = f"{key}_slot"
    if name not in st.session_state:
        st.session_state[name] = {"revision": 0, "state": PairState()}
    slot: dict[str, Any] = st.session_state[name]
    return slot


def distribution_board(
    *,
    key: str,
    start: PairState,
    standard: PairState,
    names: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, str],
) -> PairState:
    """Mount a board and return the state it shows.

    Parameters
    ----------
    key
        The board's key; its URL parameters are ``<key>_p``, ``_q`` and ``_unit``. The browser writes them, the
        page reads them once into ``start``.
    start
        What to show when this session has not seen the board yet.
    standard
        What Reset returns to, and what is left out of the URL.
    names
        Ten names of symbols, in the reader's language.
    colors
        Ten CSS colours.
    labels
        The texts of the board, in the reader's language; see ``ui/widgets/distribution_board.py``.
    """
    if f"{key}_slot" not in st.session_state:
        _slot(key)["state"] = start
    slot = _slot(key)
    sent = _sent(key)
    if sent is not None and sent.get("revision") == slot["revision"]:
        with suppress(ValueError):  # a forged message; the last good state stays
            slot["state"] = from_browser(sent)
    if sent is None or slot.get("told") != slot["revision"]:
        # Otherwise the data must stay equal while the hand moves the board: Streamlit sends changed data again.
        slot["told"], slot["mounted"] = slot["revision"], slot["state"]
    component("distribution_board")(
        key=key,
        data={
            "revision": slot["revision"],
            "state": asdict(slot["mounted"]),
            "standard": asdict(standard),
            "prefix": key,
            "names": list(names),
            "colors": list(colors),
            "labels": dict(labels),
        },
        on_state_change=lambda: None,
    )
    return slot["state"] if isinstance(slot["state"], PairState) else start


def _sent(key: str) -> Mapping[str, Any] | None:
    value = st.session_state.get(key)
    sent = value.get("state") if isinstance(value, Mapping) else None
    return sent if isinstance(sent, Mapping) else None
