"""A small picture for each of the core terms, as a tree of SVG in the colour of the text around it.

Every picture has 96 by 48 units. Curves and bars are computed, not drawn from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from softmax_core.functional import softmax
from softmax_core.information import entropy

Tree = list[Any]
WIDTH, HEIGHT = 96, 48
_FLOOR = 43.0  # where bars and curves stand
_TALL = 36.0  # height of what is 1


def picture(code: str) -> Tree | None:
    """Return the picture of a term, or None where it has none."""
    draw = PICTURES.get(code)
    if draw is None:
        return None
    return ["svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "aria-hidden": "true"}, *draw()]


def _line(points: Iterable[tuple[float, float]], kind: str = "line") -> Tree:
    return ["polyline", {"class": kind, "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points)}]


def _bars(shares: Sequence[float], left: float, width: float) -> list[Tree]:
    """Bars from the floor up; the first is dark."""
    return [
        ["rect", {
            "class": "bar strong" if k == 0 else "bar", "x": f"{left + k * (width + 2):.1f}",
            "y": f"{_FLOOR - _TALL * share:.1f}", "width": f"{width:.1f}", "height": f"{_TALL * share:.1f}",
        }]
        for k, share in enumerate(shares)
    ]  # fmt: skip


def _floor(y: float = _FLOOR) -> Tree:
    return _line([(4, y), (WIDTH - 4, y)], "thin")


def _dot(x: float, y: float, kind: str = "dot", size: float = 2.5) -> Tree:
    return ["circle", {"class": kind, "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{size}"}]


def _curve(function: Callable[[Any], Any], low: float, high: float, top: float) -> list[tuple[float, float]]:
    """Points of a curve over the whole width; ``top`` is the value at the upper edge."""
    x = np.linspace(low, high, 40)
    y = np.minimum(function(x), top)
    return [
        (6 + 84 * (u - low) / (high - low), _FLOOR - _TALL * v / top)
        for u, v in zip(x.tolist(), y.tolist(), strict=True)
    ]


def _text(x: float, y: float, text: str) -> Tree:
    return ["text", {"x": f"{x}", "y": f"{y}"}, text]


def _logit() -> list[Tree]:
    middle, unit = 24.0, 9.0
    bars = [
        ["rect", {"class": "bar strong" if z > 0 else "bar", "x": f"{18 + 22 * k}", "y": f"{middle - max(z, 0) * unit:.1f}", "width": "16", "height": f"{abs(z) * unit:.1f}"}]
        for k, z in enumerate((2.0, 0.8, -1.6))
    ]  # fmt: skip
    return [*bars, _floor(y=middle)]


def _softmax() -> list[Tree]:
    return [*_bars(softmax([2.0, 0.8, -1.6]).tolist(), 18, 20), _floor()]


def _temperature() -> list[Tree]:
    groups = [_bars(softmax([2.0, 1.0, 0.0], temperature=t).tolist(), 5 + 31 * i, 7) for i, t in enumerate((0.4, 1.0, 5.0))]  # fmt: skip
    return [*(bar for group in groups for bar in group), _floor()]


def _one_hot() -> list[Tree]:
    cells = [
        ["rect", {"class": "cell strong" if k == 1 else "cell", "x": f"{12 + 24 * k}", "y": "12", "width": "24", "height": "24"}]
        for k in range(3)
    ]  # fmt: skip
    return [*cells, *(_text(24 + 24 * k, 29, text) for k, text in enumerate("010"))]


def _cross_entropy() -> list[Tree]:
    points = _curve(lambda p: -np.log(p), 0.03, 1.0, 3.5)
    return [_line(points), _floor(), _dot(*points[10])]


def _entropy() -> list[Tree]:
    points = _curve(lambda p: np.array([float(entropy([v, 1 - v], base=2)) for v in p]), 0.0, 1.0, 1.0)
    return [_line(points), _floor(), _dot(*points[20])]


def _kl() -> list[Tree]:
    def bell(middle: float, spread: float) -> Callable[[Any], Any]:
        return lambda x: np.exp(-(((x - middle) / spread) ** 2))

    return [_line(_curve(bell(-0.8, 1.0), -3, 3, 1)), _line(_curve(bell(0.7, 1.2), -3, 3, 1), "line dashed"), _floor()]  # fmt: skip


def _valley(x: float) -> tuple[float, float]:
    """A point of the parabola over -1 to 1."""
    return 48 + 40 * x, _FLOOR - _TALL * x * x


def _parabola() -> Tree:
    return _line(map(_valley, np.linspace(-1, 1, 31).tolist()))


def _gradient() -> list[Tree]:
    x, y = _valley(0.7)
    slope = -2 * 0.7 * _TALL / 40
    ends = [(x + dx, y + slope * dx) for dx in (-17, 11)]
    return [_parabola(), _line(ends, "line strong"), _dot(x, y), _floor()]


def _learning_rate() -> list[Tree]:
    places = [0.95 * (1 - 0.45) ** step for step in range(5)]
    points = [_valley(place) for place in places]
    return [
        _parabola(),
        _line(points, "line strong"),
        *(_dot(*point, size=2.0) for point in points),
        _floor(),
    ]


def _boundary() -> list[Tree]:
    rng = np.random.default_rng(4)
    spots = rng.normal(0, 9, (7, 2)).clip(-16, 16)
    left = [_dot(24 + x, 29 + 0.8 * y) for x, y in spots.tolist()]
    right = [_dot(72 + x, 19 + 0.8 * y, "ring") for x, y in spots.tolist()]
    return [*left, *right, _line([(40, 3), (56, 45)], "line strong")]


PICTURES: dict[str, Callable[[], list[Tree]]] = {
    "logit": _logit,
    "softmax": _softmax,
    "temperature": _temperature,
    "one_hot": _one_hot,
    "cross_entropy": _cross_entropy,
    "entropy": _entropy,
    "kl": _kl,
    "gradient": _gradient,
    "learning_rate": _learning_rate,
    "boundary": _boundary,
}
