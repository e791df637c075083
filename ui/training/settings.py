"""The settings of Training in one table: name, default, choices and label.

Controls, link, plans, lanes of the race and `config_of` are read off this table. The settings of an optimiser, a
schedule, a feature map or a data set are the fields of its dataclass (the keyword-only parameters of its
generator), so whatever is registered is on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from locales import _, once
from softmax_core.datasets import DATASETS, DataSpec
from softmax_core.features import FEATURE_MAPS, FeatureMap, Linear
from softmax_core.network import MOST_HIDDEN
from softmax_core.numbers_text import shortest
from softmax_core.optimizers import OPTIMIZERS, Optimizer
from softmax_core.schedules import SCHEDULES, Schedule
from softmax_core.training import Stop, TrainConfig
from ui.training.lessons import is_network

Value = bool | int | float | str
Settings = Mapping[str, Value]
"""The value of every setting by name, in the order of the table."""

Label = Callable[[], str]
"""A text in the reader's language, looked up when it is shown."""


class Steps(NamedTuple):
    """All numbers from `low` to `high` in even steps."""

    low: float
    high: float
    step: float


class Codes(NamedTuple):
    """Texts to choose from; `is_menu` asks for a drop-down list instead of a row of buttons."""

    texts: Callable[[], Iterable[str]]
    is_menu: bool = False


Choices = tuple[float, ...] | Steps | Codes
"""What can be chosen: uneven numbers, even numbers, or texts. A switch needs none: ``()``."""


@dataclass(frozen=True)
class Setting:
    """A row of the table of settings.

    Parameters
    ----------
    name
        The key in a plan; in the link ``training_`` stands before it.
    default
        Its type is the type of all values.
    choices
        What the control offers.
    label
        Its name beside the control.
    field
        The field of the dataclass that takes the value, where that has another name.
    """

    name: str
    default: Value
    choices: Choices
    label: Label
    field: str = ""

    def parse(self, text: str) -> Any:
        """Return the value that a text stands for.

        Raises
        ------
        ValueError
            If it stands for none; the dataclass that takes a number checks its range.
        """
        if isinstance(self.default, bool):
            if text not in ("true", "false"):
                raise ValueError(f"{self.name} must be true or false, received {text[:40]!r}")
            return text == "true"
        if isinstance(self.default, str):
            if isinstance(self.choices, Codes) and text not in self.choices.texts():
                raise ValueError(f"{self.name} has no choice {text[:40]!r}")
            return text
        if isinstance(self.default, int):
            return int(text)
        value = float(text)
        if not math.isfinite(value):
            raise ValueError(f"{self.name} must be finite, received {text[:40]!r}")
        return value


def text_of_value(value: Value) -> str:
    """Return the shortest text that reads back as the same value.

    >>> text_of_value(0.0), text_of_value(0.1), text_of_value(True)
    ('0', '0.1', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return shortest(value)


RATES = tuple(round(a * 10.0**b, 4) for b in range(-3, 3) for a in (1, 2, 3, 5, 7) if a * 10.0**b <= 100)
OPTIMIZER = Setting(
    "optimizer", "gradient_descent", Codes(lambda: optimizers(), True), lambda: _("Optimiser")
)
RATE = Setting("rate", 0.1, RATES, lambda: _("Learning rate"), "learning_rate")
BATCH = Setting("batch", 0, (0, 1, 2, 4, 8, 16, 32, 64, 128, 256), lambda: _("Batch size"))
SCHEDULE = Setting("schedule", "constant", Codes(lambda: SCHEDULES, True), lambda: _("Schedule of the rate"))
LOSS = (
    Setting("l2", 0.0, (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1), lambda: _("L2 penalty")),
    Setting("l1", 0.0, (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3), lambda: _("L1 penalty")),
    Setting("smoothing", 0.0, (0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5), lambda: _("Label smoothing")),
    Setting("weights", "equal", Codes(lambda: ("equal", "balanced")), lambda: _("Weight of the classes")),
)
END_AND_START = (
    Setting("patience", 0, (0, 5, 10, 20, 50, 100), lambda: _("Early-stopping patience (steps)")),
    Setting("flat", 0.0, (0, 0.0001, 0.001, 0.01, 0.1), lambda: _("Stop at a gradient norm of")),
    Setting("start", "zeros", Codes(lambda: ("zeros", "random")), lambda: _("Start from")),
    Setting("start_seed", 0, Steps(0, 9999, 1), lambda: _("Random seed")),
)


UNITS = Setting("units", 4, Steps(0, MOST_HIDDEN, 1), lambda: _("Hidden units"), "hidden")
ACTIVATION = Setting(
    "activation", "tanh", Codes(lambda: ("tanh", "relu", "sigmoid")), lambda: _("Activation")
)
PLACES = ("last", "hidden", "twice")
PLACE = Setting("place", "last", Codes(lambda: PLACES), lambda: _("Where softmax stands"))
LAYERS = (UNITS, ACTIVATION, PLACE)
"""Of a lesson with a hidden layer alone. PLACE is where softmax belongs, or one of two places where it breaks something."""
_OF_NETWORK = {
    "rate": replace(RATE, default=1.0),
    "start": Setting(
        "start", "xavier", Codes(lambda: ("xavier", "he", "random", "zeros")), lambda: _("Start from")
    ),
}


class _Row(NamedTuple):
    name: str
    choices: Choices
    label: Label


_MOMENTUM = _Row("momentum", (0, 0.5, 0.8, 0.9, 0.95, 0.99), lambda: _("Momentum coefficient"))
# Fields with a short name in the link, choices picked by hand, and a translated label. Nothing has to be in here:
# a field that is not gets its name and choices around its default. None keeps a field off the page.
_ROWS: Mapping[tuple[str, str], _Row | None] = {
    ("momentum", "momentum"): _MOMENTUM,
    ("nesterov", "momentum"): _MOMENTUM,
    ("adagrad", "epsilon"): None,
    ("rmsprop", "decay"): _Row("decay", (0.5, 0.8, 0.9, 0.95, 0.99, 0.999), lambda: _("Decay of squared gradients")),
    ("rmsprop", "epsilon"): None,
    ("adam", "beta1"): _Row("beta1", (0, 0.5, 0.8, 0.9, 0.95, 0.99), lambda: "β₁"),
    ("adam", "beta2"): _Row("beta2", (0.9, 0.95, 0.99, 0.999, 0.9999), lambda: "β₂"),
    ("adam", "epsilon"): None,
    ("newton", "damping"): None,
    ("step", "every"): _Row("every", (10, 20, 50, 100, 200, 500, 1000), lambda: _("Steps between two drops")),
    ("step", "drop"): _Row("drop", (0.1, 0.2, 0.3, 0.5, 0.7, 0.9), lambda: _("Factor per drop")),
    ("cosine", "over"): _Row("over", (50, 100, 200, 300, 500, 1000, 2000, 5000), lambda: _("Steps to the end of the cosine")),
    ("cosine", "floor"): None,
    ("inverse_time", "decay"): _Row("fade", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3), lambda: _("Decay per step")),
    # At most 8 centres per side: with 64 features the browser still paints 50 times a second.
    ("radial", "per_side"): _Row("centres", Steps(2, 8, 1), lambda: _("Centres per side")),
    ("radial", "width"): _Row("width", Steps(0.3, 3.0, 0.1), lambda: _("Width of a bump (in spacings)")),
    ("sine", "frequency"): _Row("frequency", Steps(0.2, 6.0, 0.2), lambda: _("Frequency")),
}  # fmt: skip
_SHARED = {"learning_rate", "standardise"}
"""Fields with one control for all kinds that have them."""

Kind = type[Optimizer] | type[Schedule] | type[FeatureMap]


@lru_cache(maxsize=256)
def settings_of_kind(code: str, kind: Kind) -> tuple[Setting, ...]:
    """Return the settings of an optimiser, a schedule or a feature map that its users can choose.

    They are the fields that hold a number or a switch. ``field(default=0.3, metadata={"choices": (0.1, 0.3)})``
    says what is offered; else it is values around the default which the class does not refuse.
    """
    rows = []
    for one in fields(kind):
        is_number = isinstance(one.default, bool | int | float)
        if one.name not in _SHARED and (is_number or (code, one.name) in _ROWS):
            rows.append(_setting(code, one.name, one.default, one.metadata.get("choices"), kind))
    return tuple(row for row in rows if row is not None)


def settings_of_data(code: str) -> tuple[Setting, ...]:
    """Return the settings that a data set has for itself."""
    source = DATASETS[code]

    def make(**options: float) -> object:
        return source.generate(DataSpec(code), np.random.default_rng(0), **options)

    options = source.options.items()
    rows = (_setting(code, name, default, source.choices.get(name), make) for name, default in options)
    return tuple(row for row in rows if row is not None)


def _setting(
    code: str, field: str, default: Any, wanted: tuple[float, ...] | None, make: Callable[..., object]
) -> Setting | None:
    if (code, field) in _ROWS:
        row = _ROWS[code, field]
        return None if row is None else Setting(row.name, default, row.choices, row.label, field)
    choices: Choices = ()
    if not isinstance(default, bool):
        choices = tuple(sorted({*(wanted or _around(field, default, make)), default}))
        if not all(isinstance(choice, int) for choice in choices):
            default = float(default)  # its type is that of all values
    return Setting(f"{code}_{field}", default, choices, lambda: field, field)


def _around(field: str, default: float, make: Callable[..., object]) -> tuple[float, ...]:
    """Return values around a default, without those that are refused."""
    near: Iterable[float] = (default * factor for factor in (0.1, 0.2, 0.5, 1, 2, 5, 10))
    if not default:
        near = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1) if isinstance(default, float) else (1, 2, 3, 5, 10)
    rounded = [round(one) if isinstance(default, int) else float(f"{one:.3g}") for one in near]

    def is_accepted(value: float) -> bool:
        try:
            make(**{field: value})
        except ValueError:
            return False
        return True

    return tuple(filter(is_accepted, rounded))


def _refuse_common_names() -> None:
    """Refuse one name for settings of two registries: both are on the page at once, and the link tells them by it alone."""
    fixed = (OPTIMIZER, RATE, BATCH, SCHEDULE, *LOSS, *END_AND_START, *LAYERS)
    kinds: Mapping[str, Mapping[str, Kind]] = {
        "an optimiser": OPTIMIZERS, "a schedule": SCHEDULES, "a feature map": FEATURE_MAPS,
    }  # fmt: skip
    found = [("every run", row.name) for row in fixed]
    for registry, entries in kinds.items():
        found += [
            (registry, row.name) for code, kind in entries.items() for row in settings_of_kind(code, kind)
        ]
    found += [("a data set", row.name) for code in DATASETS for row in settings_of_data(code)]
    owners: dict[str, str] = {}
    for registry, name in found:
        if owners.setdefault(name, registry) != registry:
            raise ValueError(
                f"{owners[name]} and {registry} both have a setting {name!r}: one of them needs another code or another field"
            )


_refuse_common_names()


def optimizers() -> Mapping[str, type[Optimizer]]:
    """Return the optimisers of the lesson by code: with a hidden layer those that need no Hessian."""
    if not is_network():
        return OPTIMIZERS
    return {code: kind for code, kind in OPTIMIZERS.items() if not kind.needs_hessian}


def settings_table() -> Mapping[str, Setting]:
    """Return every setting of the training by name, in the order of the link."""
    return _table(tuple(optimizers().items()), tuple(SCHEDULES.items()), is_network())


@lru_cache(maxsize=16)
def _table(
    optimizers: tuple[tuple[str, Kind], ...], schedules: tuple[tuple[str, Kind], ...], has_layers: bool
) -> Mapping[str, Setting]:
    rules = [row for code, kind in optimizers for row in settings_of_kind(code, kind)]
    shapes = [row for code, kind in schedules for row in settings_of_kind(code, kind)]
    rows = (OPTIMIZER, RATE, *rules, BATCH, SCHEDULE, *shapes, *LOSS, *END_AND_START)
    if has_layers:
        rows = (*LAYERS, *(_OF_NETWORK.get(row.name, row) for row in rows))
    table: dict[str, Setting] = {}
    for row in rows:  # rules may share a setting, and then its default
        if table.setdefault(row.name, row).default != row.default:
            raise ValueError(
                f"two settings are called {row.name!r} and begin at different values: _ROWS has to name one of them otherwise"
            )
    return table


def settings_of(values: Mapping[str, Value]) -> Settings:
    """Return all settings, those not named at their defaults."""
    return {name: values.get(name, row.default) for name, row in settings_table().items()}


def parsed(texts: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of settings from a link.

    Raises
    ------
    ValueError
        If there is no such setting, or a text stands for no value of it.
    """
    table = settings_table()
    for name in texts:
        if name not in table:
            raise ValueError(f"there is no setting {name[:40]!r}")
    return {name: table[name].parse(text) for name, text in texts.items()}


def with_values(settings: Settings, values: Settings) -> Settings:
    """Return the settings with some of them replaced.

    Raises
    ------
    ValueError
        If a value is out of range, or settings exclude each other.
    """
    changed = {name: values.get(name, value) for name, value in settings.items()}
    config_of(changed, 10)
    return changed


def config_of(settings: Settings, steps: int, features: FeatureMap | None = None) -> TrainConfig:
    """Return what the mathematics takes; without ``features`` the model sees the inputs themselves.

    Raises
    ------
    ValueError
        If a value is out of range, or settings exclude each other.
    """
    values: Mapping[str, Any] = settings
    patience, flat = values["patience"] or None, values["flat"] or None
    return TrainConfig(
        _built(OPTIMIZERS, values["optimizer"], values),
        steps=steps,
        l2=values["l2"],
        l1=values["l1"],
        start=values["start"],
        seed=values["start_seed"],
        batch_size=values["batch"] or None,
        label_smoothing=values["smoothing"],
        class_weights="balanced" if values["weights"] == "balanced" else None,
        schedule=_built(SCHEDULES, values["schedule"], values),
        features=features or Linear(),
        stop=Stop(patience=patience, gradient_norm=flat) if patience or flat else None,
        **_layers(values),
    )


def _layers(values: Mapping[str, Any]) -> dict[str, Any]:
    if UNITS.name not in values:
        return {}
    return {
        "hidden": values["units"],
        "activation": "softmax" if values["place"] == "hidden" else values["activation"],
        "output": "softmax_sigmoid" if values["place"] == "twice" else "softmax",
    }


def hidden_units(settings: Settings) -> int:
    """Return how many hidden units the settings ask for; 0 for softmax regression."""
    return int(settings.get(UNITS.name, 0))


def takes_weights(settings: Settings) -> bool:
    """Whether weights can be set by hand: those of softmax regression can, those of a network not."""
    return hidden_units(settings) == 0 and settings.get(PLACE.name) != "twice"


def model_of(settings: Settings) -> tuple[Value, ...]:
    """Return what the weights of a run belong to: settings that cannot change on the way."""
    return tuple(settings.get(row.name, "") for row in LAYERS)


def _built(registry: Mapping[str, Kind], code: str, values: Mapping[str, Any]) -> Any:
    kind = registry[code]
    chosen = {row.field: values[row.name] for row in settings_of_kind(code, kind)}
    if uses(kind, RATE.field):
        chosen[RATE.field] = values[RATE.name]
    return kind(**chosen)


def uses(kind: Kind, field: str) -> bool:
    """Whether a kind has a field of this name, such as ``learning_rate``."""
    return field in {one.name for one in fields(kind)}


def named(codes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each code; one without a name is called by its code."""
    return {code: names.get(code, code) for code in codes}


def optimizer_names() -> dict[str, str]:
    """Return the optimisers by code, in the reader's language."""
    return named(optimizers(), _names()["optimizers"])


def schedule_names() -> dict[str, str]:
    """Return the schedules by code, in the reader's language."""
    return named(SCHEDULES, _names()["schedules"])


def feature_map_names() -> dict[str, str]:
    """Return the feature maps by code, in the reader's language."""
    return named(FEATURE_MAPS, _names()["feature maps"])


def data_names() -> dict[str, str]:
    """Return the data sets by code, in the reader's language."""
    names = _names()["data"]
    return named(dict.fromkeys([*(code for code in names if code in DATASETS), *DATASETS]), names)


@once
def _names() -> dict[str, dict[str, str]]:
    """Return what the entries of the registries are called, by code."""
    return {
        "optimizers": {
            "gradient_descent": _("Gradient descent"), "momentum": _("Momentum"), "nesterov": _("Nesterov"),
            "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam", "newton": _("Newton"),
        },
        "schedules": {
            "constant": _("constant"), "step": _("in steps"), "cosine": _("cosine"),
            "inverse_time": _("inverse time"),
        },
        "feature maps": {
            "linear": _("Linear: x₁, x₂"), "quadratic": _("Quadratic"), "cubic": _("Cubic"),
            "radial": _("Radial bumps"), "sine": _("Sine"),
        },
        "data": {
            "blobs": _("Blobs"), "imbalanced_blobs": _("Imbalanced blobs"), "moons": _("Moons"), "circles": _("Circles"),
            "spirals": _("Spirals"), "xor": _("XOR"), "gaussian_quantiles": _("Gaussian quantiles"), "stripes": _("Stripes"),
            "overlap": _("Two overlapping classes"), "outlier": _("One far outlier"), "iris": _("Iris"),
            "three_points": _("Three points"),
        },
    }  # fmt: skip


_VALUE_NAMES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "optimizer": optimizer_names, "schedule": schedule_names,
    "batch": once(lambda: {"0": _("all points")}), "patience": once(lambda: {"0": _("off")}), "flat": once(lambda: {"0": _("off")}),
    "start": once(lambda: {"zeros": _("zeros"), "random": _("random weights"), "he": "He", "xavier": "Xavier"}),
    "activation": lambda: {"relu": "ReLU"},
    "place": once(lambda: {"last": _("at the end"), "hidden": _("in the hidden layer"), "twice": _("then a sigmoid")}),
    "weights": once(lambda: {"equal": _("equal"), "balanced": _("balanced")}),
}  # fmt: skip
"""What values are called that are not shown as they are, by setting."""


def shown_value(name: str, value: Value) -> str:
    """Return the value of a setting as the page shows it."""
    text = text_of_value(value)
    names = _VALUE_NAMES.get(name)
    return text if names is None else names().get(text, text)
