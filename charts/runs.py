"""Figures of a training run over its steps: loss and accuracy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charts import style
from charts.checks import Floats, vector
from charts.figure import Figure
from locales import _

FEW_STEPS = 30  # up to here every step gets its own dot; a run of one step is two dots, not a hairline
NARROWEST = 0.7  # decades: a log axis spans a factor 5 or more, so that 1, 2, 5, 10 give it two ticks
EMPTY_RANGE = (-16.0, 0.0)  # log10 of the ends when no loss is positive
SMALLEST = 5e-324  # the floor of a log axis is a number above 0, whatever the losses are


def loss_chart(
    losses: Mapping[str, ArrayLike], playhead: int | None = None, log_scale: bool = False, dark: bool = False,
    divergence: int | None = None, best: float | None = None, title: str | None = None,
) -> Figure:  # fmt: skip
    """Draw losses over the steps of a run, with the playhead.

    Traces with ``meta`` kind "line", "zero" (log scale only), "playhead", each with its "label", and "best";
    customdata is the loss with all its digits, which is what hovering shows.

    Parameters
    ----------
    losses : mapping of str to array_like of shape (S + 1,)
        Label (already translated; treated as data) to the loss in nats, index 0 before the first update.
        Lengths may differ. NaN and infinity leave a gap.
    playhead : int, optional
        Step marked by a vertical line, with a dot on every curve that has a number there.
    log_scale : bool
        Logarithmic loss axis. A loss of exactly 0 has no place on it: it is drawn along the bottom with
        open triangles, and hovering says 0.
    divergence : int, optional
        Step at which the run diverged; from there on the background is tinted.
    best : float, optional
        The least loss that any weights reach: a dotted line, left out on a log scale where it is not above 0.
    title : str, optional
        Title of the upright axis, already translated, for anything else than a loss.
    """
    series = _series(losses)
    fig = style.figure(dark)
    low, high = _log_range(series if best is None else series | {"": np.array([best])})
    floor = max(10.0**low, SMALLEST)
    for i, (label, values) in enumerate(series.items()):
        drawn = np.where(np.isfinite(values), values, np.nan)
        zero = np.flatnonzero(drawn <= 0) if log_scale else np.empty(0, dtype=int)
        drawn[zero] = floor
        _add_line(fig, i, label, drawn, values, "%{customdata}", dark)
        if zero.size:
            color = style.series_line(i, dark)["color"]
            fig.add_scatter(
                x=zero, y=np.full(zero.size, floor), mode="markers", hoverinfo="skip", showlegend=False,
                marker={"size": 7, "symbol": "triangle-down-open", "color": color, "maxdisplayed": 12},
                meta={"kind": "zero", "label": style.as_text(label)},
            )  # fmt: skip
    _add_playhead(fig, series, playhead, floor if log_scale else None, dark)
    _step_axis(fig, series, divergence, dark)
    if best is not None and (best > 0 or not log_scale):
        fig.add_scatter(
            x=[0, _last(series)], y=[best, best], customdata=[best, best], mode="lines", name=_("optimum"),
            line={"color": style.ink(dark).muted, "dash": "dot", "width": 1.6}, hoverinfo="skip",
            meta={"kind": "best"},
        )  # fmt: skip
        fig.update_layout(showlegend=True)
    axis = _loss_axis(low, high) if log_scale else {"type": "linear", "rangemode": "tozero"}
    fig.update_yaxes(title_text=title or _("loss (nats)"), **axis)
    fig.update_layout(uirevision=f"loss-{'log' if log_scale else 'linear'}")
    return fig


def accuracy_chart(
    accuracies: Mapping[str, ArrayLike], playhead: int | None = None, dark: bool = False,
    divergence: int | None = None,
) -> Figure:  # fmt: skip
    """Draw the share of right answers, 0 to 1 written as percent, over the steps of a run.

    Traces with ``meta`` kind "line" and "playhead", each with its "label"; ``y`` stays within 0..1.

    Parameters
    ----------
    accuracies : mapping of str to array_like of shape (S + 1,)
        Label (already translated; treated as data) to accuracy in [0, 1]. NaN leaves a gap.
    playhead, dark, divergence
        As in `loss_chart`.
    """
    series = _series(accuracies)
    for label, values in series.items():
        if ((values < 0) | (values > 1)).any():
            raise ValueError(
                f"accuracy must lie in 0..1, got {np.nanmin(values)}..{np.nanmax(values)} in {label!r}"
            )
    fig = style.figure(dark)
    for i, (label, values) in enumerate(series.items()):
        _add_line(fig, i, label, values, style.single(100 * values), "%{customdata:.1f} %", dark)
    _add_playhead(fig, series, playhead, None, dark)
    _step_axis(fig, series, divergence, dark)
    fig.update_yaxes(title_text=_("accuracy"), range=[-0.02, 1.02], **style.percent_ticks())
    return fig


def _series(raw: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    return {label: vector(values, label) for label, values in raw.items()}


def _last(series: Mapping[str, Floats]) -> int:
    """Return the last step of the longest series, at least 1."""
    return max([v.size - 1 for v in series.values()] + [1])


def _log_range(series: Mapping[str, Floats]) -> tuple[float, float]:
    """Return log10 of an axis' ends: all positive losses, half a decade for zeros, a factor 5 at least."""
    everything = np.concatenate([v[np.isfinite(v)] for v in series.values()] or [np.empty(0)])
    positive = everything[everything > 0]
    if positive.size == 0:
        return EMPTY_RANGE
    low, high = float(np.log10(positive.min())), float(np.log10(positive.max()))
    if (everything <= 0).any():
        low -= 0.5
    short = NARROWEST - (high - low)
    return (low - short / 2, high + short / 2) if short > 0 else (low, high)


def _loss_axis(low: float, high: float) -> dict[str, Any]:
    room = 0.04 * (high - low)
    axis = {"type": "log", "range": [low - room, high + room], "exponentformat": "power"}
    if high - low > style.FEW_DECADES:
        return axis
    return axis | {"tickvals": style.log_ticks(low, high), "tickformat": "~g"}


def _add_line(
    fig: Figure, i: int, label: str, drawn: Floats, exact: NDArray[np.floating], hover: str, dark: bool
) -> None:
    line, name = style.series_line(i, dark), style.as_text(label)
    fig.add_scatter(
        x=np.arange(drawn.size), y=drawn, customdata=exact, name=name, line=line,
        mode="lines+markers" if drawn.size <= FEW_STEPS else "lines",
        marker={"size": 5, "color": line["color"]},
        hovertemplate=style.labelled(name, hover) + "<extra></extra>", meta={"kind": "line", "label": name},
    )  # fmt: skip


def _add_playhead(
    fig: Figure, series: Mapping[str, Floats], playhead: int | None, floor: float | None, dark: bool
) -> None:
    if playhead is None:
        return
    theme = style.ink(dark)
    line = {"color": theme.muted, "width": 1.2}
    fig.add_shape(type="line", x0=playhead, x1=playhead, y0=0, y1=1, yref="paper", line=line, name="playhead")
    for i, (label, values) in enumerate(series.items()):
        if not 0 <= playhead < values.size or not np.isfinite(values[playhead]):
            continue
        value = float(values[playhead])
        fig.add_scatter(
            x=[playhead], y=[value if floor is None or value > 0 else floor], customdata=[value],
            mode="markers",
            marker={"size": 9, "color": style.series_line(i, dark)["color"],
                    "line": {"color": theme.surface, "width": 1.5}},
            hoverinfo="skip", showlegend=False, meta={"kind": "playhead", "label": style.as_text(label)},
        )  # fmt: skip


def _same_steps(series: Mapping[str, Floats]) -> bool:
    """Say whether all curves have numbers at the same steps.

    Otherwise one hover box could hold numbers of different steps: Plotly looks for the nearest point of each
    curve by itself, and only a short reach keeps it at the step under the pointer.
    """
    finite = [np.isfinite(values).tolist() for values in series.values()]
    return all(mask == finite[0] for mask in finite)


def _step_axis(fig: Figure, series: Mapping[str, Floats], divergence: int | None, dark: bool) -> None:
    # The core's arrays end before the step that failed, so that step may lie beyond the last number.
    last = max(_last(series), divergence or 0)
    room = 0.02 * last
    fig.update_xaxes(
        title_text=_("step"), range=[-room, last + room], tickformat="d", nticks=8,
        unifiedhovertitle={"text": f"{_('step')} %{{x:d}}"}, **({"dtick": 1} if last <= 6 else {}),
        spikecolor=style.ink(dark).muted, spikethickness=1, spikedash="dot",
    )  # fmt: skip
    distance = -1 if _same_steps(series) else 1
    fig.update_layout(hovermode="x unified", hoverdistance=distance, showlegend=len(series) > 1)
    if divergence is None:
        return
    warning = style.ink(dark).warning
    fig.add_shape(
        type="rect", x0=divergence, x1=last + room, y0=0, y1=1, yref="paper", layer="below",
        fillcolor=style.translucent(warning, 0.13), line={"width": 0}, name="divergence",
    )  # fmt: skip
    line = {"color": warning, "width": 1.2, "dash": "dot"}
    fig.add_shape(type="line", x0=divergence, x1=divergence, y0=0, y1=1, yref="paper", line=line)
    fig.add_annotation(
        x=1, xref="paper", xanchor="right", y=1, yref="paper", yanchor="bottom", showarrow=False,
        font={"color": warning}, name="divergence", text=_("diverged at step {step}").format(step=divergence),
    )  # fmt: skip
    fig.update_layout(margin={"t": 30})
