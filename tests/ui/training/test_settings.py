"""Settings as texts: what a link says of a switch, a number, a choice."""

import runpy
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from softmax_core.datasets import DATASETS, Dataset, DataSpec, Source
from softmax_core.features import FEATURE_MAPS
from softmax_core.schedules import SCHEDULES, Schedule
from ui.training import settings
from ui.training.settings import LOSS, Codes, Setting, _around, settings_of_kind, text_of_value

SWITCH = Setting("shuffle", False, (), lambda: "Shuffle")


def test_a_switch_is_on_or_off_and_nothing_else() -> None:
    for value in (True, False):
        assert text_of_value(value) == str(value).lower()
        assert SWITCH.parse(text_of_value(value)) is value
    with pytest.raises(ValueError, match="shuffle must be true or false, received 'maybe'"):
        SWITCH.parse("maybe")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    assert LOSS[0].parse("0.25") == 0.25
    with pytest.raises(ValueError, match="l2 must be finite"):
        LOSS[0].parse(text)


def test_a_choice_that_is_not_offered_is_refused() -> None:
    two = Setting("side", "left", Codes(lambda: ("left", "right")), lambda: "Side")
    assert two.parse("right") == "right"
    with pytest.raises(ValueError, match="side has no choice 'up'"):
        two.parse("up")


def test_values_around_a_default_leave_out_what_is_refused() -> None:
    def below_one(share: float) -> None:
        if share >= 1:
            raise ValueError(share)

    assert _around("share", 0.2, below_one) == (0.02, 0.04, 0.1, 0.2, 0.4)
    assert _around("share", 0.0, below_one) == (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
    assert _around("count", 0, lambda count: None) == (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Fading(Schedule):
    """A schedule with a whole number as its default and fractions beside it."""

    power: float = field(default=1, metadata={"choices": (0.5, 1, 2)})
    pause: int = field(default=1, metadata={"choices": (1, 5)})


def test_a_whole_default_leaves_fractions_what_they_are() -> None:
    power, pause = settings_of_kind("fading", Fading)
    assert (power.choices, power.parse("0.5"), type(power.default)) == ((0.5, 1, 2), 0.5, float)
    assert text_of_value(power.default) == "1"
    assert (pause.parse("5"), type(pause.default)) == (5, int)


def two_rails(spec: DataSpec, rng: np.random.Generator, *, frequency: float = 2.0) -> Dataset:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("registry", "code", "member", "said"),
    [
        (DATASETS, "sine", Source(two_rails, ("n",), choices={"frequency": (1.0, 2.0)}), "a feature map and a data set both have a setting 'frequency'"),
        (FEATURE_MAPS, "fading", Fading, "a schedule and a feature map both have a setting 'fading_power'"),
    ],
)  # fmt: skip
def test_two_registries_never_share_the_name_of_a_setting(
    monkeypatch: pytest.MonkeyPatch, registry: dict[str, object], code: str, member: object, said: str
) -> None:
    monkeypatch.setitem(registry, code, member)
    monkeypatch.setitem(SCHEDULES, "fading", Fading)
    with pytest.raises(ValueError, match=said):
        runpy.run_path(settings.__file__)


def test_rules_that_share_a_setting_begin_at_the_same_value(monkeypatch):
    """Else the last one would change what the others, and old links, begin with."""
    one = settings.RATE
    rows = {"one": [one], "same": [one], "other": [replace(one, default=0.07)]}
    monkeypatch.setattr(settings, "settings_of_kind", lambda code, _kind: rows[code])
    table = settings._table.__wrapped__
    assert table((("one", None), ("same", None)), (), False)[one.name] == one
    with pytest.raises(ValueError, match=f"two settings are called '{one.name}'"):
        table((("other", None),), (), False)
