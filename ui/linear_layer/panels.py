"""The panel of straight boundaries; it uses the weights that the learner has set."""

from __future__ import annotations

import numpy as np
import streamlit as st

from charts.layers import plane_of_greys
from instruments.grey_picture import GreyState
from locales import _
from softmax_core.geometry import region_polygons
from ui.frame import frame, sharing
from ui.widgets import controls
from ui.widgets.formulas import letter, signed, tex, where
from ui.widgets.grey_picture import pixel_names, species
from ui.widgets.show import chart, is_dark


def claim() -> None:
    """Name the parameters of the panel, which may not be open."""
    sharing.claim("linear_layer_across", "linear_layer_up")


def boundary(state: GreyState) -> None:
    """Show where each class wins when two of the pixels change."""
    places = {str(i): name for i, name in enumerate(pixel_names())}
    left, right = st.columns([3, 3])
    with right:
        row = st.columns(2)
        with row[0]:
            across = controls.choice("linear_layer_across", _("Horizontal axis"), places, "0")
        with row[1]:
            others = {code: name for code, name in places.items() if code != across}
            up = controls.choice("linear_layer_up", _("Vertical axis"), others, "1" if across != "1" else "0")
    axes = [int(across), int(up)]
    x, W, b = np.array(state.x), np.array(state.rows), np.array(state.b)
    rest = [i for i in range(len(x)) if i not in axes]
    offset = b + x[rest] @ W[rest]
    names = species()
    with left:
        chart(
            plane_of_greys(region_polygons(W[axes], offset, (0.0, 1.0, 0.0, 1.0)), x[axes], names, [places[across], places[up]], is_dark()),
            key="linear_layer_plane", alt=_("Which class wins for every grey of two pixels"),
        )  # fmt: skip
    order = np.argsort(-(x @ W + b), kind="stable")
    first, second = int(order[0]), int(order[1])
    gap = W[axes, first] - W[axes, second]
    with right:
        st.markdown(
            _("Between **{first}** and **{second}** the boundary is where both logits are equal:").format(
                first=names[first], second=names[second]
            )
        )
        st.markdown(
            rf"${letter('z', first)} - {letter('z', second)} = {tex(float(gap[0]), 2)}\,x_{{{axes[0] + 1}}} + {signed(float(gap[1]), 2)}\,x_{{{axes[1] + 1}}} + {signed(float(offset[first] - offset[second]), 2)} = 0$"
        )
    with frame.aside():
        st.caption(
            _("An equation of the first degree: a straight line, whatever the weights are. Softmax is not linear, but it keeps the order of the logits, so it bends nothing. The other two pixels stay as they are painted and only shift the lines.")
        )  # fmt: skip
        where("z_k", "pixel_j", names=names)
