"""The fraction worked out with the learner's numbers, as far as the board has come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from instruments.logit_board import ALL_COLUMNS, EXPONENTIALS, SCORES, BoardState
from locales import _, joined
from softmax_core.functional import log_softmax, softmax
from ui import escape
from ui.frame import frame
from ui.widgets.formulas import of_class, signed, terms, tex
from ui.widgets.logit_board import shown_names
from ui.widgets.show import as_read, as_shown, in_sentence, number

Floats = npt.NDArray[np.float64]
MOST_DECIMALS = 6
SMALLEST_SUM = (
    1e-300  # below this, and beyond the largest number, the board subtracts the largest logit first
)


def example(state: BoardState) -> None:
    """Show what the step of the board means, in one formula and one or two sentences."""
    if state.step == SCORES:
        _scores(state)
    elif state.step == EXPONENTIALS:
        _exponentials(state)
    else:
        _share(state)


def exponentials(z: Floats, temperature: float) -> tuple[Floats, Floats, bool]:
    """Return the exponents and e to their power, as the board shows them, and whether the largest logit was taken off.

    The exponents are z / T; where the sum of e^(z / T) is no number they are (z - max z) / T, which gives the same shares.
    """
    with np.errstate(over="ignore", under="ignore"):
        exponents = z / temperature
        e = np.exp(exponents)
        if np.isfinite(e.sum()) and e.sum() > SMALLEST_SUM:
            return exponents, e, False
        exponents = np.where(z == z.max(), 0.0, (z - z.max()) / temperature)
        return exponents, np.exp(exponents), True


def fraction_digits(e: float, total: float, p: float) -> tuple[int, str]:
    """Return how many decimals e and the sum need so that p follows from what is printed, and the sign before p.

    Where even six decimals of both are too few for it the sign is ≈.
    """
    written = in_sentence(p, 4)
    decimals = next((d for d in range(4, MOST_DECIMALS) if number(p, d) == written), MOST_DECIMALS)
    for digits in range(3, MOST_DECIMALS + 1):
        above, below = (as_read(in_sentence(x, digits)) for x in (e, total))
        if below and number(above / below, decimals) == written:
            return digits, "="
    return 3, r"\approx"


def order(z: Sequence[float], names: Sequence[str]) -> str:
    """Return who wins, as Markdown: the class with the largest logit, those that tie, or nobody."""
    best = [escape.markdown(names[k]) for k, value in enumerate(z) if value == max(z)]
    if len(best) == len(z):
        return _("All logits are equal, so every class gets the same share, whatever T is. Nobody wins.")
    if len(best) > 1:
        return _("A tie: {names} have the largest share together. None of them wins.").format(
            names=_(", ").join(best)
        )
    return _("The largest logit has the largest share: {name} wins. Softmax keeps the order.").format(
        name=best[0]
    )


def rounded_sum(p: Sequence[float]) -> str:
    """Return what to say where the probabilities, as they are shown, do not add up to 1; else nothing."""
    total = number(sum(as_shown(share) for share in p))
    too_small = any(share > 0 and as_shown(share) == 0 for share in p)  # shown as < 0.001
    if total == number(1) or too_small:
        return ""
    return _("Rounded to three decimals the shares seem to add up to {total}; unrounded they give 1.").format(
        total=total
    )


def _scores(state: BoardState) -> None:
    z = np.array(state.shown)
    total = terms([of_class(k, signed(v, 2)) for k, v in enumerate(z.tolist())])
    st.latex(rf"{total} = {tex(float(z.sum()), 2)}")
    st.markdown(
        _(
            "A logit is a **score**: any number, also a negative one. Scores do not add up to 1, so they are no probabilities yet. How could they become some? The next step makes them positive."
        )
    )
    st.caption(_("In the formula above Σ means: add up over all classes."))


def _exponentials(state: BoardState) -> None:
    exponents, e, subtracted = exponentials(np.array(state.shown), state.temperature)
    st.latex(
        r"\qquad ".join(
            of_class(k, rf"e^{{{tex(float(x), 2)}}} = {tex(float(y))}")
            for k, (x, y) in enumerate(zip(exponents[:4], e[:4], strict=True))
        )
        + (r"\qquad \dots" if len(e) > 4 else "")
    )
    if subtracted:
        st.markdown(
            _(
                "The largest logit was subtracted from all of them first: eᶻ itself is no number that a computer holds."
            )
        )
    st.markdown(
        _(
            "eᶻ is **always positive**, and it keeps the order. One more in z makes it e = 2.718 times as large, wherever z stands: so only differences of scores will count. They still do not add up to 1."
        )
    )
    st.caption(
        _(
            "Why e, and not 2 or 10? Any base above 1 would give positive numbers in the same order. But only with e is the slope of the curve its own height: the slope of eᶻ is eᶻ. With 10 every slope would need an extra factor, log 10 = 2.303."
        )
    )


def _share(state: BoardState) -> None:
    z, k = np.array(state.shown), state.target
    exponents, e, subtracted = exponentials(z, state.temperature)
    p = float(softmax(z, temperature=state.temperature)[k])
    names = shown_names(state)
    below = terms([of_class(j, rf"e^{{{tex(float(x), 2)}}}") for j, x in enumerate(exponents)], 4)
    top = of_class(k, rf"e^{{{tex(float(exponents[k]), 2)}}}")
    total = float(e.sum())
    digits, sign = fraction_digits(float(e[k]), total, p)
    st.latex(
        rf"p_{{{k + 1}}} = \frac{{{top}}}{{{below}}} = \frac{{{tex(float(e[k]), digits)}}}{{{tex(total, digits)}}} {sign} {tex(p, 4)}"
    )
    if state.step == ALL_COLUMNS:
        log_p = float(log_softmax(z, temperature=state.temperature)[k])
        st.latex(
            rf"\log p_{{{k + 1}}} = {tex(float(exponents[k]))} - \log {tex(total, digits)} {sign} {tex(log_p, 4)}"
            r"\qquad L = -\log p"
        )
        st.caption(_("log is the natural logarithm (ln)."))
    told = [_("Worked for **{name}**.").format(name=escape.markdown(names[k])), order(z.tolist(), names)]
    told.append(rounded_sum(softmax(z, temperature=state.temperature).tolist()))
    if subtracted:
        told.insert(1, _("The largest logit is subtracted first: above and below the line it cancels."))
    st.markdown(joined(*told))
    with frame.aside():
        st.caption(
            _(
                "Softmax is not max: the largest score gets the largest share, not all of it. Click another class on the board to work its share out. The temperature T divides every logit first; T = 1 changes nothing."
            )
        )
