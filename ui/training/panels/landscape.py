"""The panel of the loss landscape: the loss over two directions of parameter space, with the run on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from charts.landscape import Landscape, landscape_contour, landscape_surface, stable_rate_chart
from locales import _, joined
from softmax_core.landscape import (
    Plane,
    ellipse,
    loss_on_plane,
    parameter_plane,
    plane_curvature,
    principal_plane,
)
from softmax_core.objective import Objective
from softmax_core.validation import Float64Array, IntArray
from ui.training.optimum import found_or_shown, optimum_search, plain_rate, stable_rates
from ui.training.session import Run
from ui.training.stage import class_names
from ui.widgets import controls
from ui.widgets.show import chart, is_dark, number, rate_text

GRID, COARSE_GRID = 35, 27
GROUND_WORK = 2.5e6  # logits of all grid places together, so that a rerun stays fast
PATH_POINTS = 80
MARGIN = 0.25
NARROWEST = 0.3  # a view's shorter side, as a share of its longer one
SMALLEST = 1e-3
ELLIPSE = 0.14  # the ellipse's mean half-axis, as a share of the view


@dataclass(frozen=True, eq=False)
class Ground:
    """A plane with the losses on it, and the run's path there."""

    plane: Plane
    share: float
    a: Float64Array
    b: Float64Array
    loss: Float64Array
    steps: IntArray
    path: Float64Array
    heights: Float64Array


def landscape(run: Run, step: int) -> None:
    """Show the loss over two directions, and 2 / curvature along the run."""
    planes = {"principal": _("The run's main directions"), "two": _("Two parameters")}
    looks = {"contour": _("From above"), "surface": _("As a surface")}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = controls.segmented("training_plane", _("Plane"), planes, "principal")
        look = controls.segmented("training_look", _("View as"), looks, "contour")
        places = _choose(run) if kind == "two" else None
    config, objective = run.trajectory.config_at(step), optimum_search(run, step).objective
    ground = _ground(run.revision, repr(config), places, step if places else -1, run, objective)
    labels = _labels(run)
    titles = (
        (_("1st main direction"), _("2nd main direction"))
        if places is None
        else (labels[places[0]], labels[places[1]])
    )
    theta = np.vstack([run.trajectory.W[step], run.trajectory.b[step]])
    view, rise = _view(objective, ground, theta, step, titles)
    draw = landscape_contour if look == "contour" else landscape_surface
    chart(
        draw(view, is_dark()).update_layout(height=300), key=f"training_landscape_{look}",
        alt=_("The loss over two directions of the parameters, with the path of the run"),
    )  # fmt: skip
    st.caption(_words(ground, places is None, rise, look == "contour"))
    _stable(run, step)


def _choose(run: Run) -> tuple[int, int]:
    """Let two parameters be chosen; return their places in the flattened theta."""
    labels = {str(i): name for i, name in enumerate(_labels(run))}
    first = controls.choice("training_plane_a", _("Horizontal axis"), labels, "0")
    others = {code: name for code, name in labels.items() if code != first}
    second = controls.choice("training_plane_b", _("Vertical axis"), others, "1" if first != "1" else "0")
    return int(first), int(second)


def _labels(run: Run) -> list[str]:
    names = class_names(run.data)
    fitted = run.trajectory.features
    rows = run.data.feature_names if fitted is None else fitted.names
    short = rows if len(rows) > 2 else ("x1", "x2")[: len(rows)]
    return [f"w[{row}, {name}]" for row in short for name in names] + [f"b[{name}]" for name in names]


@st.cache_resource(max_entries=64, show_spinner=False)
def _ground(
    revision: str, config: str, places: tuple[int, int] | None, step: int, _run: Run, _objective: Objective
) -> Ground:
    path, objective = _run.trajectory, _objective
    thetas, share = path.thetas, 0.0
    if places is None:
        plane, share = principal_plane(thetas)
    else:
        K = _run.data.n_classes
        plane = parameter_plane(thetas[step], divmod(places[0], K), divmod(places[1], K))
    steps = np.unique(np.linspace(0, path.steps, min(path.steps + 1, PATH_POINTS)).round().astype(np.int64))
    track = plane.coordinates(thetas[steps])
    fine = int((GROUND_WORK / objective.Y.size) ** 0.5)
    a, b = _window(plane.coordinates(thetas), min(GRID, max(COARSE_GRID, fine)))
    loss = loss_on_plane(objective, plane, a, b)
    heights = objective.losses(np.array([plane.at(*place) for place in track]))
    return Ground(plane, share, a, b, loss, steps, track, heights)


def _window(track: Float64Array, count: int) -> tuple[Float64Array, Float64Array]:
    """Return the coordinates of a grid around a path."""
    low, high = track.min(axis=0), track.max(axis=0)
    size = (high - low) * (1 + 2 * MARGIN)
    size = np.maximum(size, max(float(size.max()) * NARROWEST, SMALLEST))
    middle = (low + high) / 2
    a, b = (np.linspace(middle[i] - size[i] / 2, middle[i] + size[i] / 2, count) for i in (0, 1))
    return a, b


def _view(
    objective: Objective, ground: Ground, theta: Float64Array, step: int, titles: tuple[str, str]
) -> tuple[Landscape, float]:
    """Return what is drawn, with the playhead on the path, and the rise that the ellipse stands for."""
    place_of_step = int(np.searchsorted(ground.steps, step))
    place = ground.plane.coordinates(theta)
    if place_of_step < len(ground.steps) and ground.steps[place_of_step] == step:
        steps, path, heights = ground.steps, ground.path, ground.heights
    else:
        steps = np.insert(ground.steps, place_of_step, step)
        path = np.insert(ground.path, place_of_step, place, axis=0)
        heights = np.insert(ground.heights, place_of_step, objective.loss(ground.plane.at(*place)))
    H = plane_curvature(objective, theta, ground.plane)
    spans = np.array([np.ptp(ground.a), np.ptp(ground.b)])
    around, rise = _around(H, spans)
    offset = None if around is None else around + place
    return Landscape(
        ground.a, ground.b, ground.loss, path, heights, steps, place_of_step, offset, titles
    ), rise


def _around(H: Float64Array, spans: Float64Array) -> tuple[Float64Array | None, float]:
    """Return the ellipse of one height, a round number, that is of a readable size in a view of these spans."""
    scaled = np.linalg.eigvalsh(H * np.outer(spans, spans))  # in a view of size 1
    steepest = float(scaled[-1])
    if not steepest > 1e-12:
        return None, 0.0
    middle = np.sqrt(max(float(scaled[0]), 0.02 * steepest) * steepest)
    wanted = 0.5 * middle * ELLIPSE**2
    power = 10.0 ** np.floor(np.log10(wanted))
    rise = float(power * max(m for m in (1, 2, 5) if m * power <= wanted * (1 + 1e-9)))
    return ellipse(H, rise, float(spans.max())), rise


def _stable(run: Run, step: int) -> None:
    steps, rates = stable_rates(run)
    rate = plain_rate(run.trajectory.config_at(step))
    st.markdown(f"**{_('Largest stable learning rate (2 / curvature), optional')}**")
    chart(
        stable_rate_chart(steps, rates, rate, step, is_dark()).update_layout(height=200),
        key="training_stable", alt=_("2 / curvature over the steps of the run"),
    )  # fmt: skip
    search = optimum_search(run, step)
    st.caption(
        _("Gradient descent is stable while the learning rate stays below the curve of 2 / curvature.")
    )
    if found_or_shown(search, "landscape"):
        st.caption(_("At the optimum it stands at {rate}.").format(rate=search.stable_rate_text))


def _words(ground: Ground, principal: bool, rise: float, contour: bool) -> str:
    if principal:
        text = _(
            "The plane through the end of the run that its steps keep closest to: it holds {share} % of the movement."
        ).format(share=number(100 * ground.share, 2))
    else:
        text = _(
            "All other parameters stay as they are at the playhead. The path is the run's shadow on this plane; only the playhead lies in it."
        )
    if contour and rise:
        spaced = _(
            "On each line the loss is the same; in a round bowl they would be equally far apart. The ellipse around the playhead shows the curvature: on it, curvature alone raises the loss by {rise} nats. Where the ellipse is narrow the loss curves strongly, so steps must be small there."
        ).format(rise=rate_text(rise))
        return joined(text, spaced)
    return text
