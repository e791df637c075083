"""Figures of surprise: one probability, one distribution, two distributions.

``p`` and ``q`` are distributions, shape (K,); ``base`` is 2 for bits and None for nats, ``unit`` its name, translated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, names_for, vector
from charts.figure import Figure
from locales import _
from softmax_core.information import cross_entropy, entropy, surprisal

HEIGHT = 225
LEAST = 1e-4  # the curve of -log p is drawn from here; it has no end at 0
GRID = np.concatenate([np.geomspace(LEAST, 0.02, 40), np.linspace(0.025, 1.0, 80)])
SWEEP = np.linspace(0.0, 1.0, 101)


def surprisal_curve(
    p: ArrayLike, names: Sequence[str], base: float | None, unit: str, dark: bool = False
) -> Figure:
    """Draw -log p with a point for every symbol of a distribution.

    A trace with ``meta`` kind "curve" and one of kind "point" for each symbol that can come.
    A symbol with probability 0 has no place on the curve and is left out.
    """
    shares = vector(p, "p")
    labels = [style.as_text(name) for name in names_for(names, shares.size)]
    fig = style.figure(dark, HEIGHT)
    fig.add_scatter(
        x=GRID, y=surprisal(GRID, base), mode="lines", line=style.series_line(0, dark) | {"width": 2.4},
        hoverinfo="skip", showlegend=False, meta={"kind": "curve"},
    )  # fmt: skip
    heights = np.asarray(surprisal(shares, base), dtype=np.float64)
    for k in np.flatnonzero(shares > 0).tolist():
        fig.add_scatter(
            x=[shares[k]], y=[heights[k]], mode="markers", name=labels[k], marker=style.class_point(k, dark, 13),
            hovertemplate=f"{labels[k]}<br>p = %{{x:.4~g}}<br>%{{y:.4~g}} {unit}<extra></extra>",
            meta={"kind": "point", "class": k},
        )  # fmt: skip
    # Room for the rarest symbol, up to what the curve shows.
    top = float(np.max(heights[np.isfinite(heights)], initial=4.0 if base else 3.0))
    fig.update_xaxes(title_text=_("probability p"), range=[-0.02, 1.02], dtick=0.25, tickformat=".2~f")
    fig.update_yaxes(title_text=style.with_unit(f"−{log_name(base)} p", unit), range=[-0.03 * top, 1.1 * top])
    return style.steady(fig)


def entropy_curve(
    p: ArrayLike, k: int, names: Sequence[str], base: float | None, unit: str, dark: bool = False
) -> Figure:
    """Draw the entropy as one probability moves from 0 to 1 and the others keep their proportions.

    Traces with ``meta`` kind "curve", "point" (now) and "limit" (log K, the entropy of equals).

    ``k`` is the symbol whose probability moves. If it holds everything, the others share what it gives up equally.
    """
    shares = vector(p, "p")
    label = style.as_text(names_for(names, shares.size)[k])
    if not 0 <= k < shares.size:
        raise ValueError(f"k must be in 0..{shares.size - 1}, got {k}")
    others = np.delete(shares, k)
    total = float(others.sum())
    rest = others / total if total > 0 else np.full(others.size, 1 / others.size)
    rows = np.insert(np.outer(1 - SWEEP, rest), k, SWEEP, axis=1)
    fig = style.figure(dark, HEIGHT)
    fig.add_scatter(
        x=SWEEP, y=entropy(rows, base), mode="lines", line={"color": style.class_color(k), "width": 2.8},
        hovertemplate=f"{label}<br>p = %{{x:.3f}}<br>H = %{{y:.4f}} {unit}<extra></extra>", showlegend=False,
        meta={"kind": "curve"},
    )  # fmt: skip
    most = float(entropy(np.full(shares.size, 1 / shares.size), base))
    _add_level(fig, most, _("all equally likely"), "limit", dark)
    _add_now(fig, float(shares[k]), float(entropy(shares, base)), style.class_point(k, dark, 14), unit)
    fig.update_xaxes(
        title_text=_("probability of {name}").format(name=label),
        range=[-0.02, 1.02],
        dtick=0.25,
        tickformat=".2~f",
    )
    fig.update_yaxes(title_text=style.with_unit("H", unit), range=[-0.04 * most, 1.12 * most])
    return style.steady(fig)


def mixture_curve(p: ArrayLike, q: ArrayLike, base: float | None, unit: str, dark: bool = False) -> Figure:
    """Draw H(P, (1 - s) P + s Q): believing something on the way from the truth to Q.

    Traces with ``meta`` kind "curve", "floor" (H(P)) and, where it is finite, "point" (H(P, Q)).
    """
    truth, belief = _same_length(p, q)
    rows = np.outer(1 - SWEEP, truth) + np.outer(SWEEP, belief)
    costs = np.asarray(cross_entropy(truth, rows / rows.sum(axis=1, keepdims=True), base), dtype=np.float64)
    floor = float(entropy(truth, base))
    fig = style.figure(dark, HEIGHT)
    fig.add_scatter(
        x=SWEEP, y=np.where(np.isfinite(costs), costs, np.nan), mode="lines", showlegend=False,
        line=style.series_line(0, dark) | {"width": 2.6}, meta={"kind": "curve"},
        hovertemplate=f"%{{x:.2f}}<br>H(P, ·) = %{{y:.4f}} {unit}<extra></extra>",
    )  # fmt: skip
    _add_level(fig, floor, "H(P)", "floor", dark)
    if np.isfinite(costs[-1]):
        line = {"color": style.ink(dark).surface, "width": 1.5}
        _add_now(fig, 1.0, float(costs[-1]), {"size": 13, "color": style.ink(dark).text, "line": line}, unit)
    fig.update_xaxes(
        title_text=_("from believing P to believing Q"), range=[-0.03, 1.06], tickvals=[0, 0.5, 1], ticktext=["P", "½P + ½Q", "Q"],
    )  # fmt: skip
    # Where Q equals P the curve is flat but for rounding, and an automatic axis would show the rounding.
    span = max(float(np.max(costs[np.isfinite(costs)])) - floor, 0.2)
    fig.update_yaxes(
        title_text=style.with_unit("H(P, ·)", unit), range=[floor - 0.08 * span, floor + 1.08 * span]
    )
    return style.steady(fig)


def divergence_terms(
    p: ArrayLike, q: ArrayLike, names: Sequence[str], scale: float, unit: str, dark: bool = False
) -> Figure:
    """Draw the terms p log(p / q) of KL(P || Q) beside q log(q / p) of KL(Q || P).

    Bars with ``meta`` kind "forward" and "backward". An infinite term has no bar; its text says so.

    ``scale`` is units per nat: 1 / ln 2 for bits, 1 for nats.
    """
    truth, belief = _same_length(p, q)
    log = log_name(2 if scale != 1 else None)
    fig = style.figure(dark, HEIGHT - 25)
    colors = [style.class_color(k) for k in range(truth.size)]
    for kind, title, terms in (
        ("forward", f"p {log}(p / q)", _terms(truth, belief) * scale),
        ("backward", f"q {log}(q / p)", _terms(belief, truth) * scale),
    ):
        pattern = {"shape": "/" if kind == "backward" else "", "solidity": 0.35}
        fig.add_bar(
            x=np.arange(truth.size), y=np.where(np.isfinite(terms), terms, np.nan), name=title, meta={"kind": kind},
            marker={"color": colors, "pattern": pattern, "line": {"width": 0}},
            hovertemplate=f"{title} = %{{y:.4f}} {unit}<extra></extra>",
        )  # fmt: skip
        for k in np.flatnonzero(np.isinf(terms)).tolist():
            shift = -0.2 if kind == "forward" else 0.2
            fig.add_annotation(x=k + shift, y=0, text="∞", yanchor="bottom", font={"size": 18}, name=kind)
    ticks = style.class_ticks(names_for(names, truth.size), max(4, 56 // truth.size))
    fig.update_xaxes(**ticks, showgrid=False)
    fig.update_yaxes(title_text=unit, zeroline=True, zerolinecolor=style.ink(dark).axis)
    fig.update_layout(barmode="group", bargap=0.3)
    style.steady(fig)
    fig.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=4, name="key",
        text=_("plain: {forward}   hatched: {backward}").format(forward=f"p {log}(p / q)", backward=f"q {log}(q / p)"),
    )  # fmt: skip
    fig.update_layout(margin={"t": 32})
    return fig


def log_name(base: float | None) -> str:
    """Return how the logarithm of a unit is written: log₂ for bits, log for nats."""
    return "log₂" if base == 2 else "log"


def _same_length(p: ArrayLike, q: ArrayLike) -> tuple[Floats, Floats]:
    truth, belief = vector(p, "p"), vector(q, "q")
    if truth.size != belief.size:
        raise ValueError(f"p and q must have one length, got {truth.size} and {belief.size}")
    return truth, belief


def _terms(p: Floats, q: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)


def _add_level(fig: Figure, height: float, text: str, kind: str, dark: bool) -> None:
    fig.add_scatter(
        x=[0, 1], y=[height, height], mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": style.ink(dark).muted, "width": 1.2, "dash": "dot"}, meta={"kind": kind},
    )  # fmt: skip
    fig.add_annotation(x=0.5, y=height, text=text, yanchor="bottom", font={"color": style.ink(dark).muted})


def _add_now(fig: Figure, x: float, y: float, marker: dict[str, object], unit: str) -> None:
    fig.add_scatter(
        x=[x], y=[y], mode="markers", marker=marker, showlegend=False, meta={"kind": "point"},
        hovertemplate=style.labelled(_("now"), f"%{{y:.6~g}} {unit}<extra></extra>"),
    )  # fmt: skip
