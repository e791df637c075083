"""The panels of the Information page: each shows another view of the two distributions on the board."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts.information import divergence_terms, entropy_curve, mixture_curve, surprisal_curve
from charts.style import CLASS_COLORS
from instruments.distribution_board import DistributionState
from locales import _
from softmax_core.huffman import HuffmanCode, huffman, sample_message
from softmax_core.information import cross_entropy, entropy, kl_divergence, surprisal
from softmax_core.validation import Float64Array, IntArray
from ui import escape
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import of_class, signed, terms, tex, where
from ui.widgets.logit_board import class_names
from ui.widgets.show import class_mark, class_rows, is_dark, live_chart, number, picture, table

BITS_PER_NAT = 1 / math.log(2)
SHOWN = 60  # symbols of a message that are written out
_COLUMN, _LEAST, _LEVEL, _TOP, _MARGIN = 74, 300, 62, 26, 20  # of the drawing of a tree


def _unit(state: DistributionState) -> str:
    return _("bits") if state.unit == "bits" else _("nats")


def _shares_times(p: Float64Array, factors: Sequence[str]) -> list[str]:
    """Write the terms of a mean, one for each symbol that comes and has a factor."""
    return [
        rf"{of_class(k, tex(float(p[k])))} \cdot {text}"
        for k, text in enumerate(factors)
        if text and p[k] > 0
    ]


def surprise(state: DistributionState) -> None:
    """Show the surprisal of every symbol, in both units."""
    p, names = np.array(state.true), class_names()
    left, right = st.columns(2)
    with left:
        figure = surprisal_curve(p, names[: len(p)], state.base, _unit(state), is_dark())
        live_chart(figure, key="information_surprise_curve", alt=_("Surprise against probability"))
    nats, bits = surprisal(p), surprisal(p, 2)
    with right:
        head = ["", "<i>p</i>", _("nats"), _("bits")]
        table(head, class_rows(names[: len(p)], (p, nats, bits)))
        k = int(np.argmin(np.where(p > 0, p, 2)))
        st.latex(
            rf"-\ln {of_class(k, tex(float(p[k])))} = {tex(float(nats[k]))}\ \text{{nats}} = \frac{{{tex(float(nats[k]))}}}{{\ln 2}}\ \text{{bits}} = {tex(float(bits[k]))}\ \text{{bits}}"
        )
    st.markdown(
        _(
            "Half as likely is one bit more surprising. One nat is 1 / ln 2 = 1.4427 bits: the same surprise on another ruler."
        )
    )
    where("P", "pj", names=names[: len(p)])


def mean_surprise(state: DistributionState) -> None:
    """Show entropy as a function of one share, and a stream of symbols."""
    p, names = np.array(state.true), class_names()
    count = len(p)
    options = {str(k): names[k] for k in range(count)}
    k = int(controls.segmented("information_share", _("Move the share of"), options, "0"))
    left, right = st.columns(2)
    with left:
        figure = entropy_curve(p, k, names[:count], state.base, _unit(state), is_dark())
        live_chart(figure, key="information_entropy_curve", alt=_("Entropy against one share"))
    H = float(entropy(p, state.base))
    parts = _shares_times(p, [tex(float(bits)) for bits in surprisal(p, state.base)])
    with right:
        st.markdown(_("A stream of symbols drawn from P:"))
        seed = _seed("information_stream")
        _letters(sample_message(p, SHOWN, seed), names)
        most = math.log(count) / (math.log(2) if state.unit == "bits" else 1)
        if H < 1e-9:
            st.markdown(
                _(
                    "Every symbol is the same: nothing is ever news, so the stream carries **nothing**, however long it is."
                )
            )
        else:
            st.markdown(
                _("Each symbol carries {H} {unit} on average. No distribution over {K} symbols can carry more than log K = {most}, and only the uniform one does.").format(
                    H=number(H), unit=_unit(state), K=count, most=number(most)
                )
            )  # fmt: skip
    st.latex(rf"H(P) = -\sum_j p_j \log p_j = {terms(parts, 5)} = {tex(H)}")
    where("H", "P", "pj", names=names[:count])


def crossing(state: DistributionState) -> None:
    """Show that H(P, Q) is never below H(P), and read it as likelihood and as code length."""
    p, q, names = np.array(state.true), np.array(state.believed), class_names()
    count = len(p)
    left, right = st.columns(2)
    with left:
        figure = mixture_curve(p, q, state.base, _unit(state), is_dark())
        live_chart(figure, key="information_mixture", alt=_("Cross-entropy from believing P to believing Q"))
    with right:
        n = controls.slider("information_n", _("Length of the message"), 10, 5000, 500, 10)
        message = sample_message(p, n, _seed("information_message_seed"))
        with np.errstate(divide="ignore"):
            paid = float(np.mean(surprisal(q, state.base)[message]))
        H, HPQ = float(entropy(p, state.base)), float(cross_entropy(p, q, state.base))
        rows = [
            [_("H(P): the least possible"), number(H)],
            [_("H(P, Q): expected by one who believes Q"), number(HPQ)],
            [_("−log-likelihood of Q on the message, per symbol"), number(paid)],
        ]
        table(["", _unit(state)], rows)
        st.markdown(
            _(
                "**Two readings of one number.** Likelihood: fitting Q to data by maximum likelihood is minimising H(P, Q). Code length: with a code made for Q, a message from P takes H(P, Q) per symbol."
            )
        )
    parts = _shares_times(p, [tex(float(bits)) for bits in surprisal(q, state.base)])
    st.latex(rf"H(P, Q) = -\sum_j p_j \log q_j = {terms(parts, 5)} = {tex(HPQ)}")
    where("H", "P", "Q", "pj", "qj", names=names[:count])
    slip_link("epsilon")


def divergence(state: DistributionState) -> None:
    """Show KL in both directions, term by term."""
    p, q, names = np.array(state.true), np.array(state.believed), class_names()
    count, scale = len(p), BITS_PER_NAT if state.unit == "bits" else 1.0
    forward, backward = float(kl_divergence(p, q, state.base)), float(kl_divergence(q, p, state.base))
    live_chart(
        divergence_terms(p, q, names[:count], scale, _unit(state), is_dark()),
        key="information_terms", alt=_("The terms of the divergence in both directions"),
    )  # fmt: skip
    H, HPQ = float(entropy(p, state.base)), float(cross_entropy(p, q, state.base))
    st.latex(
        rf"\mathrm{{KL}}(P \,\|\, Q) = H(P, Q) - H(P) = {tex(HPQ)} - {signed(H)} = {tex(forward)} \qquad \mathrm{{KL}}(Q \,\|\, P) = {tex(backward)}"
    )
    if math.isinf(forward) or math.isinf(backward):
        st.info(
            _(
                "One of them is infinite: a symbol that comes is held to be impossible. The other direction need not mind."
            )
        )
    elif forward == 0:
        st.markdown(_("P and Q agree: there is nothing to pay in either direction."))
    else:
        st.markdown(
            _(
                "KL(P ‖ Q) weighs the mistakes by how often they **happen**, KL(Q ‖ P) by how often they are **believed**: in general two different numbers. A single term may be negative; the sum never is."
            )
        )
    where("KL", "H", "HPQ", "P", "Q", names=names[:count])


def coding(state: DistributionState) -> None:
    """Show the Huffman code of P, its tree, and a message written in it."""
    p, q, names = np.array(state.true), np.array(state.believed), class_names()
    code, other = huffman(p), huffman(q)
    H = float(entropy(p, 2))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _tree(code, names)
    with right:
        head = ["", "<i>p</i>", _("word"), "<i>ℓ</i>", "−log₂ <i>p</i>"]
        rows = [
            [
                class_mark(k, names[k]),
                number(float(p[k])),
                word or "–",
                str(len(word)),
                number(float(surprisal(p[k], 2)), 2),
            ]
            for k, word in enumerate(code.words)
            if word is not None
        ]
        table(head, rows)
    parts = _shares_times(p, [str(len(word)) if word else "" for word in code.words])
    st.latex(
        rf"R = \sum_j p_j\,\ell_j = {terms(parts, 5) or '0'} = {tex(code.average_length)} \ \ge\ H(P) = {tex(H)}"
    )
    row = st.columns(2)
    with row[0]:
        n = controls.slider("information_n", _("Length of the message"), 10, 5000, 500, 10)
    with row[1]:
        seed = _seed("information_message_seed")
    message = sample_message(p, n, seed)
    bits = code.encode(message)
    _letters(message[:SHOWN], [word or "–" for word in code.words], "…")
    lines = [
        [_("H(P): no code can do better"), number(H)],
        [_("this code, on average"), number(code.average_length)],
        [_("this code, on this message of {n} symbols: {bits} bits").format(n=n, bits=len(bits)), number(len(bits) / n)],
        [_("the same length for every symbol"), str(math.ceil(math.log2(len(p))))],
    ]  # fmt: skip
    if all(other.words[k] is not None for k in range(len(p)) if p[k] > 0):
        made_for_q = math.fsum(float(p[k]) * len(other.words[k] or "") for k in range(len(p)))
        lines.insert(3, [_("the Huffman code of Q, on average"), number(made_for_q)])
    table(["", _("bits per symbol")], lines)
    st.markdown(
        _(
            "A word has a whole number of bits, so the average lies between H(P) and H(P) + 1. It is H(P) itself where every p is a power of ½."
        )
    )
    where("R", "l", "pj", "H", "P", names=names[: len(p)])


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
        f'<div class="lab-table"><svg class="lab-picture lab-tree" viewBox="0 0 {width} {height}" style="width:{width}px;max-width:none" role="img" '
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


def _seed(key: str) -> int:
    return controls.number(key, _("Seed of the message"), 0, 9999, 0, 1)


def _letters(message: IntArray, texts: Sequence[str], end: str = "") -> None:
    """Write a stream as coloured letters: the colour is never the only difference."""
    marks = "".join(
        f'<span style="border-color:{CLASS_COLORS[k]}">{escape.html(texts[k])}</span> '
        for k in message.tolist()
    )
    st.html(f'<p class="lab-bits">{marks}{end}</p>')
