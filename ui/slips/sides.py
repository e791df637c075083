"""The two sides of an error, what is right and what is printed, and the logits that both take."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.logit_board import BoardState
from locales import _
from softmax_core.validation import Float64Array


def sides(wrong: bool) -> tuple[DeltaGenerator, DeltaGenerator | None]:
    """Return a container for what is right and, if the error is shown, one for the error."""
    if not wrong:
        place = st.container(border=True)
        place.markdown(_("✓ **right**"))
        return place, None
    left, right = (column.container(border=True) for column in st.columns(2))
    left.markdown(_("✓ **right**"))
    right.markdown(_("✗ **the error**"))
    return left, right


def scaled(state: BoardState) -> Float64Array:
    """Return the logits that softmax sees: z / T, counted from the largest where that changes nothing."""
    z = np.array(state.shown)
    return z if state.temperature == 1 else (z - z.max()) / state.temperature
