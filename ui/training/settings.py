"""How a run learns, as texts by name: what the controls show, the URL holds, and the mathematics takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from locales import _
from softmax_core.optimizers import OPTIMIZERS, Optimizer
from softmax_core.schedules import SCHEDULES, Schedule
from softmax_core.training.loop import TrainConfig
from softmax_core.training.stopping import Stop

Settings = tuple[tuple[str, str], ...]
"""(name, text) of every setting, in one order."""

DEFAULTS: dict[str, str] = {
    "optimizer": "gradient_descent", "rate": "0.1",
    "momentum": "0.9", "decay": "0.9", "beta1": "0.9", "beta2": "0.999",
    "batch": "0", "schedule": "constant", "every": "100", "drop": "0.5", "over": "300", "fade": "0.01",
    "l2": "0", "l1": "0", "smoothing": "0", "weights": "equal",
    "patience": "0", "flat": "0", "start": "zeros", "start_seed": "0",
}  # fmt: skip

# What a field of an optimiser or schedule is called here, where two of them would share a name.
OPTIMIZER_FIELDS = {"momentum": "momentum", "decay": "decay", "beta1": "beta1", "beta2": "beta2"}
SCHEDULE_FIELDS = {"every": "every", "drop": "drop", "over": "over", "decay": "fade"}


def settings_of(texts: Mapping[str, str]) -> Settings:
    """Return all settings, those not named at their defaults."""
    return tuple((name, texts.get(name, text)) for name, text in DEFAULTS.items())


def config_of(settings: Settings, steps: int) -> TrainConfig:
    """Return what the mathematics takes.

    Raises
    ------
    ValueError
        If a text is no allowed value, or the settings exclude each other.
    """
    texts = dict(settings)
    if texts["optimizer"] not in OPTIMIZERS or texts["schedule"] not in SCHEDULES:
        raise ValueError(f"no such rule: {texts['optimizer']!r}, {texts['schedule']!r}")
    if texts["weights"] not in ("equal", "balanced"):
        raise ValueError(f"classes are weighted equal or balanced, received {texts['weights']!r}")
    patience, flat, batch = int(texts["patience"]), float(texts["flat"]), int(texts["batch"])
    return TrainConfig(
        _optimizer(texts),
        steps=steps,
        l2=float(texts["l2"]),
        l1=float(texts["l1"]),
        start=texts["start"],
        seed=int(texts["start_seed"]),
        batch_size=batch or None,
        label_smoothing=float(texts["smoothing"]),
        class_weights="balanced" if texts["weights"] == "balanced" else None,
        schedule=_schedule(texts),
        stop=Stop(patience=patience or None, gradient_norm=flat or None) if patience or flat else None,
    )


def _optimizer(texts: Mapping[str, str]) -> Optimizer:
    kind = OPTIMIZERS[texts["optimizer"]]
    own = {field.name for field in fields(kind)}
    values = {name: float(texts[ours]) for name, ours in OPTIMIZER_FIELDS.items() if name in own}
    if "learning_rate" in own:
        values["learning_rate"] = float(texts["rate"])
    return kind(**values)


def _schedule(texts: Mapping[str, str]) -> Schedule:
    kind = SCHEDULES[texts["schedule"]]
    whole = {"every", "over"}
    values: dict[str, float] = {
        field.name: (int if field.name in whole else float)(texts[SCHEDULE_FIELDS[field.name]])
        for field in fields(kind)
        if field.name in SCHEDULE_FIELDS
    }
    return kind(**values)


def with_text(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """Return the settings with some of them replaced.

    Raises
    ------
    ValueError
        If one does not exist or has no such value.
    """
    known = dict(settings)
    for name in texts:
        if name not in known:
            raise ValueError(f"there is no setting {name[:40]!r}")
    changed = tuple((name, texts.get(name, text)) for name, text in settings)
    config_of(changed, 10)
    return changed


def uses(optimizer: str, field: str) -> bool:
    """Whether an optimiser has a setting of this name, such as ``learning_rate`` or ``momentum``."""
    return field in {one.name for one in fields(OPTIMIZERS[optimizer])}


def optimizer_names() -> dict[str, str]:
    """Return the optimisers by code, in the reader's language."""
    names = {
        "gradient_descent": _("Gradient descent"), "momentum": _("Momentum"), "nesterov": _("Nesterov"),
        "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adam": "Adam", "newton": _("Newton"),
    }  # fmt: skip
    return {code: names[code] for code in names if code in OPTIMIZERS}


def schedule_names() -> dict[str, str]:
    """Return the schedules by code, in the reader's language."""
    return {
        "constant": _("constant"), "step": _("in steps"), "cosine": _("cosine"),
        "inverse_time": _("inverse time"),
    }  # fmt: skip


def setting_label(name: str) -> str:
    """Return what a setting is called on the page."""
    return {
        "optimizer": _("Optimizer"), "rate": _("Learning rate"), "momentum": _("Momentum coefficient"),
        "decay": _("Decay of the squares"), "beta1": "β₁", "beta2": "β₂", "batch": _("Batch size"),
        "schedule": _("Schedule of the rate"), "every": _("Steps between two drops"), "drop": _("Factor of a drop"),
        "over": _("Steps to the end of the cosine"), "fade": _("Decay per step"), "l2": _("L2 penalty"),
        "l1": _("L1 penalty"), "smoothing": _("Label smoothing"), "weights": _("Weight of the classes"),
        "patience": _("Stop after steps without a better test loss"), "flat": _("Stop at a gradient norm of"),
        "start": _("Start from"), "start_seed": _("Seed"),
    }[name]  # fmt: skip


def shown_value(name: str, text: str) -> str:
    """Return the value of a setting as the page shows it."""
    # Asked a hundred times in a run, mostly for numbers: only the words that are needed are looked up.
    if name == "optimizer":
        return optimizer_names().get(text, text)
    if name == "schedule":
        return schedule_names().get(text, text)
    if text == "0" and name in ("batch", "patience", "flat"):
        return _("all points") if name == "batch" else _("off")
    if name == "start":
        return {"zeros": _("zeros"), "random": _("random weights")}.get(text, text)
    if name == "weights":
        return {"equal": _("equal"), "balanced": _("balanced")}.get(text, text)
    return text
