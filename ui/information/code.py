"""The panel of the Huffman code: its tree, and a message that is written in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts.style import CLASS_COLORS
from instruments import message_stream
from instruments.distribution_board import DistributionState
from instruments.message_stream import LONGEST, StreamState
from locales import _, once
from softmax_core.huffman import HuffmanCode, huffman, sample_message
from softmax_core.information import entropy
from softmax_core.validation import Float64Array
from ui import escape
from ui.frame import frame, sharing
from ui.information.panels import seed_of_message, times
from ui.widgets.boards import Part, state_from_link
from ui.widgets.formulas import terms, tex, where
from ui.widgets.logit_board import class_names
from ui.widgets.show import number, picture

KEY = "information_message"
_COLUMN, _LEAST, _LEVEL, _TOP, _MARGIN = 74, 300, 52, 18, 20  # of the drawing of a tree


def claim() -> None:
    """Name the parameter that the browser writes, which belongs to this page while another panel is open."""
    sharing.claim(f"{KEY}_count")


def coding(state: DistributionState) -> None:
    """Show the Huffman code of P, its tree, and a message that is written in it as the reader lets it come."""
    p, names = np.array(state.true), class_names()
    code, H = huffman(p), float(entropy(p, 2))
    left, right = st.columns(2, gap="medium")
    with left:
        _tree(code, names)
    with right:
        with frame.aside():
            seed = seed_of_message(f"{KEY}_seed")
        _stream(code, p, H, names, seed)
    parts = times(p, [str(len(word)) if word else "" for word in code.words])
    st.markdown(
        rf"$R = \sum_j p_j\,\ell_j = {terms(parts, 5) or '0'} = {tex(code.average_length)} \ \ge\ H(P) = {tex(H)}$ {_('bits')}"
    )
    with frame.aside():
        st.caption(
            _(
                "A word has a whole number of bits, so the mean length R lies between H(P) and H(P) + 1. It is H(P) itself where every p is a power of ½. David Huffman found this code in 1952, as a student."
            )
        )
        where("R", "l", "pj", "H", "P", names=names[: len(p)])


def _stream(code: HuffmanCode, p: Float64Array, H: float, names: Sequence[str], seed: int) -> None:
    """Mount the message; the browser lets it come."""
    start = state_from_link(
        message_stream.boards,
        KEY,
        StreamState(),
        {"count": Part("count", int, _("Length of the message"))},
    )
    message = sample_message(p, LONGEST, seed)
    levels = [
        {"name": _("H(P): no code does better"), "value": H},
        {"name": _("R: this code on average"), "value": code.average_length},
        {"name": _("words of one length"), "value": math.ceil(math.log2(len(p)))},
    ]
    message_stream.boards.mount(
        KEY, start, StreamState(), message="".join(map(str, message.tolist())), words=list(code.words),
        names=list(names[: len(p)]), colors=CLASS_COLORS, levels=levels, labels=_labels(),
    )  # fmt: skip


@once
def _labels() -> dict[str, str]:
    return {
        "stream": _("A message in bits"),
        "play": _("▶ Play"),
        "pause": _("Pause"),
        "next": _("Next symbol"),
        "many": _("100 more"),
        "again": _("Clear"),
        "empty": _("Let a symbol come: it is drawn from P and written as its word."),
        "sum": _("Symbols: {n} · bits: {bits} · bits per symbol: {mean}"),
        "so_far": _("this message so far"),
    }


def places(code: HuffmanCode) -> dict[int, tuple[float, int]]:
    """Return where each node of the tree stands: across, from 0 to 1, and how many edges below the root.

    Leaves stand at equal distances in the order of their words; a parent stands in the middle of its children.
    """
    K = len(code.words)
    leaves = sorted((word, k) for k, word in enumerate(code.words) if word is not None)
    across = {k: (i + 0.5) / len(leaves) for i, (_word, k) in enumerate(leaves)}
    depth = {k: len(word) for word, k in leaves}
    for m, (zero, one) in enumerate(code.merges):
        across[K + m] = (across[zero] + across[one]) / 2
    for m in reversed(range(len(code.merges))):
        below = depth.setdefault(K + m, 0) + 1
        depth.update(dict.fromkeys(code.merges[m], below))
    return {node: (across[node], depth[node]) for node in across}


def _tree(code: HuffmanCode, names: Sequence[str]) -> None:
    """Draw the tree with every node's probability and the bit on every edge."""
    K, spots, weights = len(code.words), places(code), code.weights()
    deepest = max(level for _across, level in spots.values())
    width, height = max(_LEAST, _COLUMN * sum(node < K for node in spots)), _TOP + deepest * _LEVEL + 64

    def at(node: int) -> tuple[float, float]:
        across, level = spots[node]
        return _MARGIN + across * (width - 2 * _MARGIN), _TOP + level * _LEVEL

    edges, bits = [], []
    for m, children in enumerate(code.merges):
        x0, y0 = at(K + m)
        for bit, child in enumerate(children):
            x1, y1 = at(child)
            edges.append(
                f'<line class="wire" x1="{x0:.1f}" y1="{y0 + 12:.1f}" x2="{x1:.1f}" y2="{y1 - 11:.1f}"/>'
            )
            side = -9 if bit == 0 else 9
            bits.append(
                f'<text class="head" x="{(x0 + x1) / 2 + side:.1f}" y="{(y0 + y1) / 2 + 2:.1f}">{bit}</text>'
            )
    nodes = "".join(_inner(at(node), weights[node]) for node in spots if node >= K)
    leaves = "".join(_leaf(at(k), k, names[k], code.words[k] or "") for k in range(K) if k in spots)
    title = escape.html(_("The tree of the Huffman code"))
    picture(
        f'<div class="lab-table"><svg class="lab-picture lab-tree" viewBox="0 0 {width} {height}" style="width:{width}px;max-width:100%" role="img" '
        f'aria-label="{title}">{"".join(edges)}{"".join(bits)}{nodes}{leaves}</svg></div>'
    )


def _inner(place: tuple[float, float], weight: float) -> str:
    x, y = place
    return (
        f'<rect class="node" x="{x - 22:.1f}" y="{y - 12:.1f}" width="44" height="24" rx="12"/>'
        f'<text class="middle" x="{x:.1f}" y="{y + 5:.1f}">{number(weight)}</text>'
    )


def _leaf(place: tuple[float, float], k: int, name: str, word: str) -> str:
    x, y = place
    short = name if len(name) <= 9 else f"{name[:8]}…"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{CLASS_COLORS[k]}"/>'
        f'<text class="middle" x="{x:.1f}" y="{y + 28:.1f}">{escape.html(short)}</text>'
        f'<text class="middle word" x="{x:.1f}" y="{y + 47:.1f}">{word or "–"}</text>'
    )
