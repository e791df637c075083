"""What was trained, as a text for the link: the same parts trained again give the same weights, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from softmax_core.images import ImageData
from softmax_core.numbers_text import read_number
from softmax_core.optimizers import Adam, GradientDescent, Momentum
from softmax_core.training import EpochConfig

RATES = [
    0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0,
]  # fmt: skip
BATCHES = [8, 16, 32, 64, 128, 256, 512, 1024]
PENALTIES = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]
MOST_EPOCHS, MOST_SEED = 50, 9999
MOST_PARTS, MOST_IN_A_PART, MOST_IN_A_RUN = (
    20,
    1000,
    2000,
)  # each epoch of MNIST is kept with 31 kB of weights
LONGEST = 900  # letters in the link
_NONE = "0"  # the text of a model that was not trained

_RULES: dict[str, type[Momentum | GradientDescent | Adam]] = {
    "momentum": Momentum, "sgd": GradientDescent, "adam": Adam,
}  # fmt: skip
BEGINS: dict[str, Any] = {
    "optimizer": "momentum", "rate": 0.1, "batch": 256, "epochs": 20, "momentum": 0.9, "l2": 0, "seed": 0,
}  # fmt: skip
"""The settings with which the page begins, by their names in the link."""


@dataclass(frozen=True)
class Part:
    """So many epochs with the same settings."""

    config: EpochConfig
    epochs: int


Parts = tuple[Part, ...]


def part_with(
    optimizer: str, rate: float, batch: int, epochs: int, momentum: float, l2: float, seed: int
) -> Part:
    """Return the part with settings by their names in the link."""
    rule = Momentum(rate, momentum) if optimizer == "momentum" else _RULES[optimizer](rate)
    return Part(EpochConfig(rule, batch, l2, seed), epochs)


STANDARD = part_with(**BEGINS)


def parts_of(configs: Iterable[EpochConfig]) -> Parts:
    """Return a run, given as the settings of each of its epochs, as parts."""
    return tuple(Part(config, len(list(same))) for config, same in groupby(configs))


def arrival(data: ImageData, shown: Part) -> Parts:
    """Return what is trained when the page is opened: the app's own digits with the settings shown, other sets not."""
    return (shown,) if data.name == "digits" else ()


def run_text(parts: Sequence[Part]) -> str:
    """Write a run for the link.

    Examples
    --------
    >>> run_text([STANDARD])
    'momentum_0.1_0.9_256_0_0_20'
    >>> run_text([])
    '0'
    """
    return "-".join(map(_part_text, parts)) or _NONE


def _part_text(part: Part) -> str:
    config, rule = part.config, part.config.optimizer
    code = next(code for code, kind in _RULES.items() if type(rule) is kind)
    rate, momentum = (getattr(rule, name, 0) for name in ("learning_rate", "momentum"))
    numbers = (rate, momentum, config.batch_size, config.l2, config.seed, part.epochs)
    return "_".join([code, *(f"{number:.10g}" for number in numbers)])


def read_run(text: str) -> Parts:
    """Read a run; its numbers are among those that the page offers.

    Raises
    ------
    ValueError
        If it is not a run.
    """
    if text == _NONE:
        return ()
    texts = text.split("-")
    if len(texts) > MOST_PARTS:
        raise ValueError(f"at most {MOST_PARTS} parts, got {len(texts)}")
    parts = tuple(map(_read_part, texts))
    if sum(part.epochs for part in parts) > MOST_IN_A_RUN:
        raise ValueError(f"at most {MOST_IN_A_RUN} epochs")
    return parts


def _read_part(text: str) -> Part:
    code, *numbers = text.split("_")
    values = [read_number(part, False) for part in numbers]
    if code not in _RULES or len(values) != 6:
        raise ValueError(text)
    rate, momentum, batch, l2, seed, epochs = (-1.0 if value is None else value for value in values)
    whole = all(value.is_integer() for value in (batch, seed, epochs))
    if not (
        whole and rate in RATES and 0 <= momentum <= 0.99 and batch in BATCHES and l2 in PENALTIES
        and 0 <= seed <= MOST_SEED and 1 <= epochs <= MOST_IN_A_PART
    ):  # fmt: skip
        raise ValueError(text)
    return part_with(code, rate, int(batch), int(epochs), momentum, l2, int(seed))
