"""The training stage: a whole run at once, played in the browser without asking the server again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import streamlit as st

from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import checked_message, is_whole
from softmax_core.network import MOST_HIDDEN

REGIONS = ("soft", "hard")
PHASES = ("pull", "all", "mean", "move", "swing")
"""In which a step is told: one point, all points, their mean, the step of w, the border."""
LARGEST_WEIGHT = 1e6  # that the weight editor takes
LAST_STEP = 20_000  # that any run can have; a message or a link that names a later one is none of ours
LONGEST_VECTORS = 2.0  # times the length that fits the stage


Goto = tuple[int, int, bool, str | None]


@dataclass(frozen=True)
class Speed:
    """How fast a run is played: so many steps per ``"second"``, whatever the screen; None is the whole run at once.

    With per ``"change"`` each step takes its share of a few seconds: the more it changes, the longer.
    """

    steps: int | None
    per: str


SPEEDS = {
    "change": Speed(None, "change"),
    **{str(steps): Speed(steps, "second") for steps in (1, 2, 5, 10, 30)},
    "frame": Speed(60, "second"),
    "frame5": Speed(300, "second"),
    "frame25": Speed(1500, "second"),
    "all": Speed(None, "second"),
}
"""The speeds by their codes in the link: a frame is that of a screen with sixty a second."""


def speeds() -> list[dict[str, Any]]:
    """Return the speeds as the browser takes them."""
    return [{"code": code, **asdict(speed)} for code, speed in SPEEDS.items()]


@dataclass(frozen=True)
class StageView:
    """Where the playhead starts and how the stage looks: what a link restores.

    Step -1 stands for a link without a position: the run starts at 0, and the stage plays it once on arrival. `unit` is the
    hidden unit whose weights are shown, counted from 1; 0 is none.
    """

    step: int = -1
    speed: str = "change"
    length: float = 1.0
    regions: str = "soft"
    field: int = -1
    probe: str = ""
    unit: int = 0


def probe_from_link(text: str) -> str:
    """Read the place at which the model is asked from a link: two finite numbers joined by ``~``.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> probe_from_link("1.50~-2")
    '1.5~-2.0'
    """
    x, y = map(float, text.split("~"))
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"a place has two finite numbers, got {text!r}")
    return f"{x!r}~{y!r}"


def current_step(key: str) -> int:
    """Return the playhead of the stage ``key`` as far as Python has heard."""
    step = (message(key) or {}).get("step")
    if is_whole(step) and 0 <= step <= LAST_STEP:
        st.session_state[f"{key}_last"] = step
    return max(0, int(st.session_state.get(f"{key}_last", 0)))


def current_unit(key: str) -> int:
    """Return the hidden unit that is chosen on the stage ``key``, counted from 1, as far as Python has heard; 0 is none."""
    unit = (message(key) or {}).get("unit")
    return unit if is_whole(unit) and 0 <= unit <= MOST_HIDDEN else st.session_state[f"{key}_view"].unit


def first_step(key: str, step: int) -> int:
    """Return the step at which the browser mounts the stage ``key``: ``step``, or where it was left before.

    A page that was left and opened again starts where it was; later reruns must not change the data. It is -1 where
    neither a link nor the learner has named one.
    """
    last = st.session_state.setdefault(f"{key}_last", step)
    if not isinstance(st.session_state.get(key), Mapping):
        st.session_state[f"{key}_start"] = last
    return int(st.session_state[f"{key}_start"])


@dataclass(frozen=True)
class Hand:
    """Weights that the learner set on the stage: from ``step`` on, ``rows`` is W with b as its last row."""

    step: int
    rows: tuple[tuple[float, ...], ...]


def hand_from_browser(value: Mapping[str, Any], features: int, classes: int) -> Hand:
    """Read what the browser sent after a handle was let go.

    Raises
    ------
    ValueError
        If it is no step up to 20,000 and no matrix of ``features + 1`` rows of ``classes`` finite numbers up to a million.
    """
    with checked_message("weights"):
        step = int(value["step"])
        rows = tuple(tuple(float(w) for w in row) for row in value["rows"])
    if not 0 <= step <= LAST_STEP or len(rows) != features + 1 or any(len(row) != classes for row in rows):
        raise ValueError(
            f"weights need {features + 1} rows of {classes} numbers, got {len(rows)} rows at {step}"
        )
    if not all(abs(w) <= LARGEST_WEIGHT for row in rows for w in row):
        raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {rows}")
    return Hand(step, rows)


def hand(key: str, features: int, classes: int) -> tuple[str, Hand | str] | None:
    """Return what the learner last did by hand on the stage ``key``, with an id that tells one time from the next.

    It is the weights that were set, or ``"undo"`` or ``"redo"`` for the last ones.
    """
    sent = message(key, "hand")
    if sent is None:
        return None
    name, wish = sent.get("id"), sent.get("wish")
    if not isinstance(name, str | int):
        return None  # a forged message
    name = str(name)[:40]
    if wish in ("undo", "redo"):
        return name, str(wish)
    try:
        return name, hand_from_browser(sent, features, classes)
    except ValueError:
        return None  # a forged message


@dataclass(frozen=True)
class Told:
    """The point whose part in a step is told on the stage, by its index among all points, and the phase."""

    point: int
    phase: str


def told(key: str) -> tuple[int, Told | None]:
    """Return the number of the last message about a told point from the stage ``key``, and what is told, if anything.

    A message of the wrong form counts as none.
    """
    sent = message(key, "story") or {}
    number, point, phase = sent.get("number"), sent.get("point"), sent.get("phase")
    usable = is_whole(point) and point >= 0 and phase in PHASES
    return (
        number if is_whole(number) else 0,
        Told(point, phase) if usable else None,  # type: ignore[arg-type]
    )


@dataclass(frozen=True, kw_only=True)
class StageData:
    """What the stage in the browser takes; a film is this and the stage's own script.

    Parameters
    ----------
    revision
        Names the run: another text makes the browser take the new run, with the playhead where it was.
    run, points
        As `run_message` and `points_message` of ``packed.py`` return them; the caller keeps them for reruns.
    box
        What the canvas shows, from ``packed.view_box``.
    view
        Where the playhead starts and how the stage looks.
    names, axes, colors, labels
        Class names, the two feature names, CSS colours and texts in the reader's language; see ``ui/training/stage.py``.
    ghost
        Another packed run on the same points, drawn dashed, or None.
    objective
        From ``packed.objective_message``.
    prediction
        ``k``, ``at`` and ``text``: the class that the learner has predicted for the probe at a place; None for none.
    feature_map
        From ``packed.map_message``: None for a model that sees x itself.
    features
        Names of the rows of W, for the table of weights; the axes if not given.
    story
        The point whose part in the step is told, and the phase; None for none.
    edits
        How far Python has got with the edits of the points; see ``ui/training/edits.py``.
    goto
        (number, step, whether it plays from there, the probe): a larger number sends the playhead to the step, and the
        probe to its place; ``""`` takes it away, None leaves it.
    asks
        Whether Python wants to hear of the playhead as soon as another run is on the stage.
    hands
        How many times weights were set by hand that can be undone, and redone.
    sketch
        The line that is laid over the plane, from `sketch.drawing` or `sketch.drawn`; None for none.
    scales
        From `charts.style.signed_scales`, for the activations of hidden units; a model without any needs none.
    """

    revision: str
    run: Mapping[str, Any]
    points: Mapping[str, Any]
    box: Sequence[float]
    view: StageView
    names: Sequence[str]
    axes: Sequence[str]
    colors: Sequence[str]
    labels: Mapping[str, Any]
    ghost: Mapping[str, Any] | None = None
    objective: Mapping[str, Any] = field(default_factory=dict)
    prediction: Mapping[str, Any] | None = None
    feature_map: Mapping[str, Any] | None = None
    edits: Mapping[str, Any] | None = None
    story: Mapping[str, Any] | None = None
    features: Sequence[str] = ()
    goto: Goto = (0, 0, False, None)
    hands: tuple[int, int] = (0, 0)
    asks: bool = False
    sketch: Mapping[str, Any] | None = None
    scales: Mapping[str, Mapping[str, str]] | None = None

    def message(self) -> dict[str, Any]:
        """Return it as the browser takes it, with what is the same for every stage."""
        return {
            **{part.name: getattr(self, part.name) for part in fields(self)},
            "features": list(self.features or self.axes),
            "view": asdict(self.view),
            "standard": asdict(StageView()),
            "speeds": speeds(),
            "limits": {"weight": LARGEST_WEIGHT, "length": LONGEST_VECTORS},
        }


def training_stage(
    *,
    key: str,
    view: StageView,
    run: Mapping[str, Any],
    story: Told | None = None,
    on_story: Callable[[], None] = lambda: None,
    goto: Goto = (0, 0, False, None),
    **data: Any,
) -> int:
    """Mount a stage and return the step at its playhead.

    Parameters
    ----------
    key
        The stage's key; its URL parameters are ``<key>_step``, ``_speed``, ``_vectors``, ``_regions``, ``_field``,
        ``_probe``, ``_unit``.
    view
        Where this session starts; used when the stage is mounted and not again.
    story, on_story
        The point that is told, and what is called when the stage has told another.
    run, goto, data
        As `StageData` takes them.
    """
    first: StageView = st.session_state.setdefault(f"{key}_view", view)
    start = first_step(key, view.step)
    message = StageData(
        run=run, view=replace(first, step=max(0, start)), goto=goto,
        story=None if story is None else asdict(story) | {"echo": told(key)[0]}, **data,
    ).message()  # fmt: skip
    message["view"]["arrival"] = start < 0 and not goto[0] and story is None
    component("training_stage")(
        key=key,
        data=message | {"prefix": key},
        on_state_change=lambda: None,
        on_hand_change=lambda: None,
        on_edits_change=lambda: None,
        on_sketch_change=lambda: None,
        on_story_change=on_story,
    )
    return min(current_step(key), int(run["steps"]))
