"""A run whose settings changed on the way: its legs, what was before as a ghost, and both in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from instruments.training_stage import LARGEST_WEIGHT, Hand
from softmax_core.training.segments import Leg, Rows
from ui.training.settings import Settings, config_of, with_text

MOST_LEGS = 6


@dataclass(frozen=True)
class Stretch:
    """From step ``at`` on these settings hold; ``weights`` are put in place there if a hand set them."""

    at: int
    settings: Settings
    weights: Rows | None = None


Plan = tuple[Stretch, ...]


@dataclass(frozen=True)
class Change:
    """What a stretch in a link changes, as texts: settings by name, and weights."""

    at: int
    texts: tuple[tuple[str, str], ...]
    weights: Rows | None = None


def legs_of(plan: Plan, steps: int) -> tuple[Leg, ...]:
    """Return the plan as the mathematics takes it, every leg with the length of the whole run."""
    return tuple(Leg(part.at, config_of(part.settings, steps), part.weights) for part in plan)


def changed(plan: Plan, settings: Settings, step: int, from_here: bool) -> Plan:
    """Return the plan after the settings changed at the playhead ``step``.

    From the start everything before is dropped, weights set by hand included. From here the steps up to the
    playhead stay as they were.
    """
    if not from_here or step == 0:
        return (Stretch(0, settings),)
    return _with(plan, Stretch(step, settings))


def taken_in_hand(plan: Plan, hand: Hand) -> Plan:
    """Return the plan after a hand set the weights at a step; the settings stay."""
    return _with(plan, Stretch(hand.step, plan[-1].settings, hand.rows))


def _with(plan: Plan, new: Stretch) -> Plan:
    kept = [part for part in plan if part.at < new.at]
    here = [part for part in plan if part.at == new.at]
    if here and new.weights is None:
        new = replace(new, weights=here[-1].weights)
    if new.at == 0 and new.weights is not None:
        # Step 0 with the weights that the settings say, then those of the hand: a rewind shows the latter.
        kept = []
    return (*kept[-(MOST_LEGS - 1) :], new) if kept else (replace(new, at=0),)


def text_of(plan: Plan, now: Settings) -> str | None:
    """Write a plan as a URL parameter: of each stretch only what differs from the present settings.

    ``40!rate=0.5~60!w=1_-1_0.5_0``: from 40 on another rate, at 60 weights by hand. None for a plan that is
    nothing but the present settings from step 0.
    """
    if plan == (Stretch(0, now),):
        return None
    return "~".join("!".join(_parts(part, now)) for part in plan)


def _parts(part: Stretch, now: Settings) -> list[str]:
    before = dict(now)
    differing = [f"{name}={text}" for name, text in part.settings if before.get(name) != text]
    hand = [] if part.weights is None else ["w=" + "_".join(f"{w:g}" for row in part.weights for w in row)]
    return [str(part.at), *differing, *hand]


def changes_from(text: str) -> tuple[Change, ...]:
    """Read a URL parameter that :func:`text_of` wrote.

    Raises
    ------
    ValueError
        If it is not one; whether the settings exist and the weights fit is seen when they are used.
    """
    changes = tuple(_change(part) for part in text.split("~"))
    steps = [change.at for change in changes]
    if not 1 <= len(changes) <= MOST_LEGS or steps[0] != 0 or steps != sorted(set(steps)):
        raise ValueError(f"stretches begin at 0 and are in order, got {steps}")
    return changes


def _change(text: str) -> Change:
    at, *parts = text.split("!")
    texts, weights = [], None
    for part in parts:
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"a setting is written name=value, got {part[:40]!r}")
        if name == "w":
            numbers = tuple(float(number) for number in value.split("_"))
            if not all(abs(number) <= LARGEST_WEIGHT for number in numbers):
                raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {value[:40]!r}")
            weights = (numbers,)
        else:
            texts.append((name, value))
    if int(at) < 0:
        raise ValueError(f"a step is at least 0, got {at}")
    return Change(int(at), tuple(texts), weights)


def plan_from(changes: Sequence[Change], now: Settings, features: int, classes: int) -> Plan:
    """Return the plan that a link describes, for the settings that stand in the controls.

    Raises
    ------
    ValueError
        If a setting does not exist or has no such value, or weights do not fit the model.
    """
    return tuple(
        Stretch(change.at, with_text(now, dict(change.texts)), _rows(change.weights, features, classes))
        for change in changes
    )


def _rows(flat: Rows | None, features: int, classes: int) -> Rows | None:
    if flat is None:
        return None
    numbers = flat[0]
    if len(numbers) != (features + 1) * classes:
        raise ValueError(f"{(features + 1) * classes} weights are needed, got {len(numbers)}")
    return tuple(tuple(numbers[i * classes : (i + 1) * classes]) for i in range(features + 1))


def differences(one: Plan, other: Plan) -> list[tuple[str, str, str]]:
    """Return (setting, value in one, value in the other) for the settings that differ at the end of two plans."""
    left, right = dict(one[-1].settings), dict(other[-1].settings)
    names: Mapping[str, None] = dict.fromkeys([*left, *right])
    return [
        (name, left.get(name, ""), right.get(name, "")) for name in names if left.get(name) != right.get(name)
    ]
