"""Weights that a hand set on the training stage, as the browser sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Hand:
    """Weights that were set by hand: from ``step`` on, ``rows`` is W with b as its last row."""

    step: int
    rows: tuple[tuple[float, ...], ...]


LARGEST_WEIGHT = 1e6


def hand_from_browser(value: Mapping[str, Any], features: int, classes: int) -> Hand:
    """Read what the browser sent after a handle was let go.

    Raises
    ------
    ValueError
        If it is no step and no matrix of ``features + 1`` rows of ``classes`` finite numbers up to a million.
    """
    try:
        step = int(value["step"])
        rows = tuple(tuple(float(w) for w in row) for row in value["rows"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no weights: {error}") from error
    if step < 0 or len(rows) != features + 1 or any(len(row) != classes for row in rows):
        raise ValueError(
            f"weights need {features + 1} rows of {classes} numbers, got {len(rows)} rows at {step}"
        )
    if not all(abs(w) <= LARGEST_WEIGHT for row in rows for w in row):
        raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {rows}")
    return Hand(step, rows)


def hand(key: str, features: int, classes: int) -> tuple[str, Hand] | None:
    """Return the last weights set by hand on the stage ``key``, with an id that tells one time from the next."""
    value = st.session_state.get(key)
    sent = value.get("hand") if isinstance(value, Mapping) else None
    if not isinstance(sent, Mapping):
        return None
    try:
        return str(sent.get("id"))[:40], hand_from_browser(sent, features, classes)
    except ValueError:
        return None  # a forged message
