"""The panels of the Information page: each shows another view of the two distributions on the board."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from charts.information import divergence_terms, entropy_curve, mixture_curve, surprisal_curve
from charts.style import CLASS_COLORS
from instruments.distribution_board import DistributionState
from locales import _
from softmax_core.huffman import huffman, sample_message
from softmax_core.information import cross_entropy, entropy, kl_divergence, surprisal
from softmax_core.validation import IntArray
from ui import escape
from ui.information.huffman_tree import tree
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import of_class, signed, terms, tex, where
from ui.widgets.logit_board import class_names
from ui.widgets.show import class_mark, is_dark, live_chart, number, table

BITS_PER_NAT = 1 / math.log(2)
SHOWN = 60  # symbols of a message that are written out


def _unit(state: DistributionState) -> str:
    return _("bits") if state.unit == "bits" else _("nats")


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
        rows = [
            [class_mark(k, names[k]), *(number(float(c[k])) for c in (p, nats, bits))] for k in range(len(p))
        ]
        table(head, rows)
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
    parts = [
        rf"{of_class(j, tex(float(p[j])))} \cdot {tex(float(surprisal(p[j], state.base)))}"
        for j in range(count)
        if p[j] > 0
    ]
    with right:
        st.markdown(_("A stream of symbols drawn from P:"))
        seed = _seed("information_stream")
        _dots(sample_message(p, SHOWN, seed))
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
    parts = [
        rf"{of_class(j, tex(float(p[j])))} \cdot {tex(float(surprisal(q[j], state.base)))}"
        for j in range(count)
        if p[j] > 0
    ]
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
        tree(code, names)
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
    parts = [
        rf"{of_class(k, tex(float(p[k])))} \cdot {len(word)}" for k, word in enumerate(code.words) if word
    ]
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
    _words(message[:SHOWN], code.words)
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


def _seed(key: str) -> int:
    return controls.number(key, _("Seed of the message"), 0, 9999, 0, 1)


def _dots(message: IntArray) -> None:
    """Write a stream as coloured letters: the colour is never the only difference."""
    names = class_names()
    marks = "".join(
        f'<span style="border-color:{CLASS_COLORS[k]}">{escape.html(names[k])}</span> '
        for k in message.tolist()
    )
    st.html(f'<p class="lab-bits">{marks}</p>')


def _words(message: IntArray, words: tuple[str | None, ...]) -> None:
    marks = "".join(
        f'<span style="border-color:{CLASS_COLORS[k]}">{words[k] or "–"}</span> ' for k in message.tolist()
    )
    st.html(f'<p class="lab-bits">{marks}…</p>')
