"""The panels of the Loss page: slopes checked, samples multiplied, losses compared, labels written both ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from charts.losses import WRONG_BELOW, loss_curves
from instruments.logit_board import BoardState
from locales import _
from softmax_core import losses
from softmax_core.functional import logsumexp, softmax
from softmax_core.validation import Float64Array, FloatArray
from ui.frame import frame
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import letter, of_class, signed, tex, where
from ui.widgets.logit_board import shown_names
from ui.widgets.show import chart, class_mark, class_rows, is_dark, number, table

STEPS = [10.0**-e for e in range(1, 13)]
COPIES = [1, 10, 100, 1000]
GRID = np.concatenate(
    [
        np.geomspace(1e-4, 0.01, 16),
        [0.015, 0.02],
        np.linspace(0.03, 0.97, 48),
        1 - np.geomspace(0.02, 1e-4, 20),
    ]
).round(6)  # short to write, and it is written eight times
_AT = int(np.argmin(np.abs(GRID - 0.01)))  # a place where the model is confidently wrong
BAR = 90  # pixels
SUM_AXIS = 5.0  # nats; the bar of the sum has this length at least
TALLEST = 6.0  # nats; cross-entropy has no upper bound, so its axis ends at this value


def check(state: BoardState) -> None:
    """Put the analytic gradient beside a central finite difference."""
    with frame.aside():
        h = controls.select_slider(
            "loss_h", _("Change h"), STEPS, 1e-5, format_func=lambda h: f"1e{round(math.log10(h))}"
        )
    z, y = np.array(state.shown), np.array(state.targets)
    slope = np.asarray(losses.soft_cross_entropy_gradient(z, y), dtype=np.float64)
    moves = h * np.eye(len(z))
    up, down = (
        losses.soft_cross_entropy_per_sample(z + sign * moves, np.tile(y, (len(z), 1))) for sign in (1, -1)
    )
    with np.errstate(all="ignore"):
        numeric = (up - down) / (2 * h)
        missed = numeric - slope
    names = shown_names(state)
    head = [
        "", "<i>L</i>(<i>z</i> + <i>h</i>)", "<i>L</i>(<i>z</i> − <i>h</i>)", _("central difference"), "<i>p</i> − <i>y</i>", _("difference"),
    ]  # fmt: skip
    rows = [
        [*row, number(float(missed[k]), 10)]
        for k, row in enumerate(class_rows(names, (up, down, numeric, slope), 8))
    ]
    table(head, rows, marked=state.target if state.is_label else None)
    t = int(np.argmax(y))
    st.latex(
        rf"\frac{{\partial L}}{{\partial {letter('z', t)}}} \approx \frac{{L({letter('z', t)} + h) - L({letter('z', t)} - h)}}{{2h}}"
        rf" = \frac{{{tex(float(up[t]), 8)} - {signed(float(down[t]), 8)}}}{{2 \cdot {tex(h, 2)}}} = {of_class(t, tex(float(numeric[t]), 8))}"
    )
    with np.errstate(invalid="ignore"):
        worst = float(np.nanmax(np.abs(missed), initial=0.0))
    with frame.aside():
        st.markdown(
            _(
                "The formula needs no h. The largest difference here is **{worst}**: with a large h the curve bends away from its chord, with a tiny one the two losses are equal in nearly all their digits and rounding is divided by almost nothing."
            ).format(worst=number(worst, 10))
        )
        where("L", "z", "p", "y", "h", names=names)
        slip_link("sign")


def likelihood(state: BoardState) -> None:
    """Multiply the likelihood of three samples, and add its logarithms: a shrinking product, a growing sum."""
    z, t = np.array(state.shown), state.target
    with frame.aside():
        second, third, copies = _samples()
    # A label is the target with a single 1, so its loss is −log p of the true class.
    logs = np.array([-losses.soft_cross_entropy(z, state.targets), math.log(second), math.log(third)])
    shares = np.exp(logs)
    products, sums = np.cumprod(shares), np.cumsum(-logs)
    board = _("sample 1: the board")
    marks = [class_mark(t, board) if state.is_label else board, _("sample 2"), _("sample 3")]
    likely = (
        _("<i>p</i> of its true class")
        if state.is_label
        else _("<i>p</i> of its true class, or Π <i>p</i><sup><i>y</i></sup>")
    )
    head = [
        "",
        likely,
        _("product so far"),
        "−log <i>p</i>" if state.is_label else _("−log of it"),
        _("sum so far"),
    ]
    whole = max(float(sums[-1]), SUM_AXIS)
    rows = [
        [
            marks[i], number(float(shares[i]), 4), _bar([float(products[i])], 1.0, number(float(products[i]), 4)),
            number(float(-logs[i]), 4), _bar((-logs[: i + 1]).tolist(), whole, number(float(sums[i]), 4)),
        ]
        for i in range(3)
    ]  # fmt: skip
    table(head, [[f'<span style="white-space:nowrap">{row[0]}</span>', *row[1:]] for row in rows])
    left, right = st.columns([2, 3], gap="small")
    with left:
        st.latex(
            rf"\textstyle P(Y \mid X) = \prod_{{i=1}}^{{n}} \prod_{{j=1}}^{{K}} p_{{ij}}^{{\,y_{{ij}}}} = {tex(float(products[-1]), 4)}"
        )
    with right:
        st.latex(
            rf"\textstyle -\log P(Y \mid X) = -\sum_{{i=1}}^{{n}} \sum_{{j=1}}^{{K}} y_{{ij}} \log p_{{ij}} = {tex(float(sums[-1]))}"
        )
    power = float(products[-1]) ** copies
    with frame.aside():
        st.markdown(
            _("Over the classes only the true one counts: every other p is raised to the power y = 0. Over the samples the **product shrinks** towards 0 and the **sum grows** evenly.")
            if state.is_label
            else _("The target on the board is soft, so sample 1 has no single true class: each of its p is raised to the power of its y, and −log of that product is the loss L on the board.")
        )  # fmt: skip
        st.markdown(
            _("With {n} samples like these the product is **{product}** in a computer's numbers, the sum is **{sum}** and the mean stays **{mean}**.").format(
                n=3 * copies, product=number(power, 4), sum=number(float(sums[-1]) * copies, 2), mean=number(float(sums[-1]) / 3)
            )
        )  # fmt: skip
        if power == 0.0:
            st.info(
                _(
                    "The product has underflowed to 0: its logarithm would be −∞. The sum of logs never had to know it."
                )
            )
        st.latex(rf"L = \frac{{{tex(float(sums[-1]))}}}{{3}} = {tex(float(sums[-1]) / 3)}")
        where("likelihood", "p_ij", "y_ij", "mean", "K", "n")
        slip_link("minus")


def _samples() -> tuple[float, float, int]:
    """Show the controls: p of the two samples that are made up, and how often the three are repeated."""
    second = controls.slider("loss_p2", _("Sample 2: p of its true class"), 0.01, 0.99, 0.5, 0.01)
    third = controls.slider("loss_p3", _("Sample 3: p of its true class"), 0.01, 0.99, 0.2, 0.01)
    copies = controls.select_slider(
        "loss_copies", _("Copies of the three"), COPIES, 1, format_func=lambda c: f"{c:g}"
    )
    return second, third, int(copies)


def _bar(parts: list[float], whole: float, text: str) -> str:
    """Return a bar as HTML with its number: its parts one after the other, ``whole`` as long as the bar can be."""
    pieces = "".join(
        f'<span style="display:inline-block;height:0.8em;width:{max(0.0, BAR * part / whole):.1f}px;background:currentColor;'
        f'opacity:{0.75 if i % 2 == 0 else 0.4}"></span>'
        for i, part in enumerate(parts)
    )
    return (
        f'<span style="display:inline-flex;flex-wrap:wrap;align-items:center;justify-content:flex-end">'
        f'<span style="display:inline-block;width:{BAR}px;text-align:left;line-height:1">{pieces}</span>'
        f'<span style="min-width:4.2em;text-align:right">{text}</span></span>'
    )


def _swept(z: Float64Array, t: int) -> Float64Array:
    """Return logits whose true one is swept so that its probability follows `GRID`, and in the last row ``z``."""
    # Relative to the log-sum-exp of the others: softmax ignores a common shift, and 1e308 + 1 == 1e308.
    rest = np.delete(z, t) - float(logsumexp(np.delete(z, t)))
    Z = np.insert(np.tile(rest, (GRID.size + 1, 1)), t, 0.0, axis=1)
    Z[:-1, t] = np.log(GRID) - np.log1p(-GRID)
    Z[-1] = z
    return Z


def compare(state: BoardState) -> None:
    """Show four losses and their slopes as functions of the true class's probability."""
    with frame.aside():
        delta = controls.slider("loss_delta", _("Huber's δ"), 0.05, 1.0, 0.5, 0.05)
    z, y = np.array(state.shown), np.array(state.targets)
    t = state.target if state.is_label else int(np.argmax(y))
    Z, p_now = _swept(z, t), float(softmax(z)[t])
    Y = np.tile(y, (len(Z), 1))
    kinds = _losses(delta)
    values = {kind.name: np.asarray(kind.per_sample(Z, Y), dtype=np.float64) for kind in kinds}
    # The gradients are those of a mean over n rows; here every row is a sample of its own.
    slopes = {kind.name: len(Z) * np.asarray(kind.gradient(Z, Y))[:, t] for kind in kinds}
    curves, falls = ({name: row[:-1] for name, row in rows.items()} for rows in (values, slopes))
    now = {name: (float(values[name][-1]), float(slopes[name][-1])) for name in values}
    name = shown_names(state)[t]
    axis = _("p of the true class, {name}") if state.is_label else _("p of {name}, the largest y")
    chart(
        loss_curves(GRID, curves, falls, p_now, now, axis.format(name=name), is_dark(), TALLEST), key="loss_values",
        alt=_("Losses and their slopes against the probability of {name}").format(name=name),
    )  # fmt: skip
    head = [
        "", "<i>L</i>", _("unit"), _("loss now"), _("slope now"),
        _("slope at p = {p}").format(p=number(float(GRID[_AT]), 3)),
    ]  # fmt: skip
    rows = [
        [
            kind.name,
            kind.formula,
            kind.unit,
            *map(number, now[kind.name]),
            number(float(slopes[kind.name][_AT])),
        ]
        for kind in kinds
    ]
    table(head, rows)
    with frame.aside():
        st.markdown(
            _("**Confidently wrong** is the tinted part, p below 0.1. There cross-entropy still pulls with nearly full strength, while the others go flat: their slope is that of the loss times that of softmax, and softmax has saturated.")
        )  # fmt: skip
        if state.is_label and p_now < WRONG_BELOW:
            st.warning(_("This is the moment: the model is confidently wrong. A step with squared error would be 1/{ratio} of one with cross-entropy.").format(ratio=_ratio(*(slopes[kind.name] for kind in kinds[:2]))))  # fmt: skip
        st.latex(
            r"\frac{\partial L}{\partial z} = J\,\frac{\partial L}{\partial p}, \quad J_{jk} = p_j([j = k] - p_k)"
        )
        where("any_loss", "p", "y", "g", "J", "jk", "delta", names=shown_names(state))
        slip_link("epsilon")


@dataclass(frozen=True)
class _Loss:
    """A loss of logits Z (n, K) and targets Y (n, K): its formula as HTML, its unit, its values and its gradient."""

    name: str
    formula: str
    unit: str
    per_sample: Callable[[Float64Array, Float64Array], FloatArray]
    gradient: Callable[[Float64Array, Float64Array], FloatArray]


def _losses(delta: float) -> list[_Loss]:
    """Return the losses that are compared; the first two also by the ratio of their slopes."""
    residual = "<i>p<sub>j</sub></i> − <i>y<sub>j</sub></i>"
    return [
        _Loss(
            _("cross-entropy"), "−Σ<sub><i>j</i></sub> <i>y<sub>j</sub></i> log <i>p<sub>j</sub></i>", _("nats"),
            losses.soft_cross_entropy_per_sample, losses.soft_cross_entropy_gradient,
        ),
        _Loss(
            _("squared error"), f"Σ<sub><i>j</i></sub> ({residual})<sup>2</sup>", _("none"),
            losses.squared_error_per_sample, losses.squared_error_gradient,
        ),
        _Loss(
            _("absolute error"), f"Σ<sub><i>j</i></sub> |{residual}|", _("none"),
            losses.absolute_error_per_sample, losses.absolute_error_gradient,
        ),
        _Loss(
            _("Huber"),
            f"Σ<sub><i>j</i></sub> <i>h</i>({residual})<br><i>h</i>(<i>r</i>) = <i>r</i><sup>2</sup>/2 {_('up to |r| = δ')}<br>"
            f"<i>h</i>(<i>r</i>) = <i>δ</i>(|<i>r</i>| − <i>δ</i>/2) {_('beyond')}",
            _("none"), partial(losses.huber_per_sample, delta=delta), partial(losses.huber_gradient, delta=delta),
        ),
    ]  # fmt: skip


def _ratio(ours: FloatArray, squared: FloatArray) -> str:
    one, other = abs(float(ours[-1])), abs(float(squared[-1]))
    return number(one / other, 1) if other else "∞"


def labels(state: BoardState) -> None:
    """Write the same sample with a class number and as a row with a single 1."""
    names, t = shown_names(state), state.target
    count = len(names)
    with frame.aside():
        turned = controls.toggle("loss_renumber", _("Number the classes the other way round"))
    place = [count - k if turned else k + 1 for k in range(count)]  # from 1, as in the formulas
    order = sorted(range(count), key=place.__getitem__)
    head = [_("class"), _("number"), *(class_mark(k, names[k]) for k in order)]
    rows = [[class_mark(k, names[k]), str(place[k]), *("1" if j == k else "0" for j in order)] for k in order]
    z = np.array(state.shown)
    y = np.array(state.targets)
    by_row = float(losses.soft_cross_entropy(z, y))
    left, right = st.columns([3, 4])
    with left:
        table(head, rows, marked=place[t] - 1 if state.is_label else None, folds=False)
        row = ", ".join(of_class(k, tex(float(y[k]), 0 if state.is_label else 2)) for k in order)
        if state.is_label:
            by_number = float(losses.cross_entropy(z, t))
            st.latex(
                rf"L(z, {of_class(t, str(place[t]))}) = {tex(by_number, 4)}, \quad L(z, ({row})) = {tex(by_row, 4)}"
            )
        else:
            st.latex(rf"L(z, ({row})) = {tex(by_row, 4)}")
            st.caption(
                _(
                    "A soft target has no single true class, so no class number can say it: here y is this row."
                )
            )
    with right:
        _averages(names, place, order)
    with frame.aside():
        st.markdown(
            _(
                "A class number is a name. Number the classes differently and its average changes, though nothing about the animals did; the average of the rows only reorders."
            )
        )
        where("L", "z", names=names)
        slip_link("number")


def _averages(names: Sequence[str], place: Sequence[int], order: Sequence[int]) -> None:
    """Average two labels, as numbers and as rows; ``place`` is the number of each class, ``order`` the classes by it."""
    count = len(names)
    options = {str(k): names[k] for k in range(count)}
    st.markdown(_("What is the average of two labels?"))
    left, right = st.columns(2)
    with left:
        a = int(controls.choice("loss_mix_a", _("One label"), options, "0"))
    with right:
        b = int(controls.choice("loss_mix_b", _("The other label"), options, str(min(2, count - 1))))
    mean = (place[a] + place[b]) / 2
    stands = next((class_mark(k, names[k]) for k in range(count) if place[k] == mean), _("no class at all"))
    half = 0.5 * (np.eye(count)[a] + np.eye(count)[b])
    shares = ", ".join(f"{half[k]:g}" for k in order)
    by_names = [_("class numbers"), f"({place[a]} + {place[b]}) / 2 = {mean:g}", stands]
    by_rows = [_("one-hot rows"), f"({shares})", f"½ {class_mark(a, names[a])} + ½ {class_mark(b, names[b])}"]
    table(["", _("average"), _("which says")], [by_names, by_rows])
