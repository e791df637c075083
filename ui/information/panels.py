"""The panels of the Information page: each shows another view of the distributions on the board."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts.information import divergence_terms, entropy_curve, mixture_curve, surprisal_curve
from charts.style import CLASS_COLORS
from instruments.distribution_board import DistributionState
from locales import _
from softmax_core.huffman import sample_message
from softmax_core.information import cross_entropy, entropy, kl_divergence, surprisal
from softmax_core.validation import Float64Array, IntArray
from ui import escape
from ui.frame import frame
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import of_class, signed, terms, tex, where
from ui.widgets.logit_board import class_names
from ui.widgets.show import chart, digits_of_sum, is_dark, number, table

BITS_PER_NAT = 1 / math.log(2)
SHOWN = 40  # symbols of a message that are written out


def _unit(state: DistributionState) -> str:
    return _("bits") if state.unit == "bits" else _("nats")


def _log(state: DistributionState) -> str:
    """Return the logarithm of the unit, for a formula."""
    return r"\log_2" if state.unit == "bits" else r"\log"


def times(p: Float64Array, factors: Sequence[str]) -> list[str]:
    """Write the terms of a mean, one for each symbol that comes and has a factor."""
    return [
        rf"{of_class(k, tex(float(p[k])))} \cdot {text}"
        for k, text in enumerate(factors)
        if text and p[k] > 0
    ]


def surprise(state: DistributionState) -> None:
    """Show the surprisal of every symbol on one curve, and the two units."""
    p, names = np.array(state.true), class_names()
    left, right = st.columns([3, 3])
    with left:
        figure = surprisal_curve(p, names[: len(p)], state.base, _unit(state), is_dark())
        chart(figure, key="information_surprise_curve", alt=_("Surprise against probability"))
    k = int(np.argmin(np.where(p > 0, p, 2)))
    nats, bits = float(surprisal(p[k])), float(surprisal(p[k], 2))
    with right:
        st.markdown(
            _("**How many** fair yes-or-no questions is a symbol worth? So many **bits** is its surprise. Half as likely is one bit more.")
        )  # fmt: skip
        st.markdown(
            rf"$-\log_2 {of_class(k, tex(float(p[k])))} = {tex(bits)}$ {_('bits')}"
            "  \n"
            rf"$= {tex(bits)} \cdot \log 2 = {tex(nats)}$ {_('nats')}"
        )
        st.caption(
            _("log₂ has the base 2 and gives bits; log is the natural logarithm (ln) and gives nats. Two symbols in a row: their probabilities multiply, their surprises add. Only a logarithm does that. Claude Shannon measured information so in 1948.")
        )  # fmt: skip
    with frame.aside():
        where("P", "pj", names=names[: len(p)])


def mean_surprise(state: DistributionState) -> None:
    """Show entropy as a function of one probability, and a stream of symbols."""
    p, names = np.array(state.true), class_names()
    count = len(p)
    left, right = st.columns(2)
    with right:
        options = {str(k): names[k] for k in range(count)}
        k = int(controls.segmented("information_share", _("Change the probability of"), options, "0"))
        said = st.container()
        seed = seed_of_message("information_stream")
    with left:
        figure = entropy_curve(p, k, names[:count], state.base, _unit(state), is_dark())
        chart(figure, key="information_entropy_curve", alt=_("Entropy against one probability"))
    H = float(entropy(p, state.base))
    parts = times(p, [tex(float(bits)) for bits in surprisal(p, state.base)])
    st.markdown(rf"$H(P) = -\sum_j p_j {_log(state)} p_j = {terms(parts, 5)} = {tex(H)}$ {_unit(state)}")
    most = math.log(count) * (BITS_PER_NAT if state.unit == "bits" else 1)
    if H < 1e-9:
        said.markdown(
            _("Every symbol is the same: nothing is ever news, so the stream carries **nothing**, however long it is.")
        )  # fmt: skip
    else:
        said.markdown(
            _("Each symbol carries {H} {unit} on average. The most that {K} symbols can carry is {log} {K} = {most}, when all come equally often.").format(
                H=number(H), unit=_unit(state), K=count, most=number(most), log="log₂" if state.unit == "bits" else "log"
            )
        )  # fmt: skip
    _letters(sample_message(p, SHOWN, seed), names)
    with frame.aside():
        where("H", "P", "pj", names=names[:count])


def crossing(state: DistributionState) -> None:
    """Show that H(P, Q) is never below H(P), and read it as likelihood and as code length."""
    p, q, names = np.array(state.true), np.array(state.believed), class_names()
    count = len(p)
    H, HPQ = float(entropy(p, state.base)), float(cross_entropy(p, q, state.base))
    parts = times(p, [tex(float(bits)) for bits in surprisal(q, state.base)])
    st.markdown(rf"$H(P, Q) = -\sum_j p_j {_log(state)} q_j = {terms(parts, 5)} = {tex(HPQ)}$ {_unit(state)}")
    left, right = st.columns([3, 4])
    with left:
        figure = mixture_curve(p, q, state.base, _unit(state), is_dark())
        chart(figure, key="information_mixture", alt=_("Cross-entropy from believing P to believing Q"))
    with right:
        with frame.aside():
            n = _message_length()
            seed = seed_of_message("information_message_seed")
        message = sample_message(p, n, seed)
        with np.errstate(divide="ignore"):
            paid = float(np.mean(surprisal(q, state.base)[message]))
        rows = [
            [_("H(P): the least possible"), number(H)],
            [_("H(P, Q): expected by one who believes Q"), number(HPQ)],
            [_("−log-likelihood of Q on the message, per symbol"), number(paid)],
        ]
        table(["", _unit(state)], rows)
    with frame.aside():
        st.caption(
            _("**Two readings of one number.** Likelihood: fitting Q to data by maximum likelihood is minimising H(P, Q). Code length: in an ideal code for Q a word is −log q long; so a message from P takes H(P, Q) per symbol on average. The loss of a classifier is this number: P is the target y, Q the model's p.")
        )  # fmt: skip
        where("H", "P", "Q", "pj", "qj", names=names[:count])
        slip_link("epsilon")


def divergence(state: DistributionState) -> None:
    """Show KL in both directions, term by term."""
    p, q, names = np.array(state.true), np.array(state.believed), class_names()
    count, scale = len(p), BITS_PER_NAT if state.unit == "bits" else 1.0
    forward, backward = float(kl_divergence(p, q, state.base)), float(kl_divergence(q, p, state.base))
    H, HPQ = float(entropy(p, state.base)), float(cross_entropy(p, q, state.base))
    digits = digits_of_sum((H, forward), HPQ, 3)
    st.markdown(
        rf"$\mathrm{{KL}}(P \,\|\, Q) = \sum_j p_j {_log(state)} \tfrac{{p_j}}{{q_j}} = H(P, Q) - H(P) = {tex(HPQ, digits)} - {signed(H, digits)} = {tex(forward, digits)} \qquad \mathrm{{KL}}(Q \,\|\, P) = {tex(backward)}$"
    )
    chart(
        divergence_terms(p, q, names[:count], scale, _unit(state), is_dark()),
        key="information_terms", alt=_("The terms of the divergence in both directions"),
    )  # fmt: skip
    with frame.aside():
        if math.isinf(forward) and math.isinf(backward):
            st.info(_("Both are infinite: each holds a symbol to be impossible that comes under the other."))
        elif math.isinf(forward) or math.isinf(backward):
            st.info(
                _("One of them is infinite: a symbol that comes is held to be impossible. The other direction need not mind.")
            )  # fmt: skip
        elif forward == 0:
            st.markdown(_("P and Q agree: there is nothing to pay in either direction."))
        else:
            st.markdown(
                _("KL(P ‖ Q) weighs the mistakes by how often they **happen**, KL(Q ‖ P) by how often they are **believed**: in general two different numbers. A single term may be negative; the sum never is.")
            )  # fmt: skip
        where("KL", "H", "HPQ", "P", "Q", "pj", "qj", names=names[:count])


def _message_length() -> int:
    return controls.slider("information_n", _("Length of the message"), 10, 5000, 500, 10)


def seed_of_message(key: str) -> int:
    """Show the field for the seed of a message."""
    return controls.number(
        key, _("Random seed of the message"), 0, 9999, 0, 1, help=_("The same seed gives the same message.")
    )


def _letters(message: IntArray, texts: Sequence[str]) -> None:
    """Write a stream as coloured letters: the colour is never the only difference."""
    marks = "".join(
        f'<span style="border-color:{CLASS_COLORS[k]}">{escape.html(texts[k])}</span> '
        for k in message.tolist()
    )
    st.html(f'<p class="lab-bits">{marks}</p>')
