"""The sum of Kronecker products as a drawing: small A times small S, n times, and the dense matrix they make."""

from __future__ import annotations

import numpy as np

from charts.style import diverging_color
from locales import _
from softmax_core.validation import Float64Array
from ui import escape
from ui.widgets.show import picture

_SIDE = 132.0  # of the longer side of the dense matrix
_MOST_CELLS = 400
_SHOWN = 2


def kronecker_picture(A: Float64Array, S: Float64Array, H: Float64Array, dark: bool) -> None:
    """Draw ``A`` (n, n, n), ``S`` (n, d/n, q/n) and their sum ``H`` (d, q), coloured by their entries where they fit."""
    n = len(A)
    d, q = H.shape
    scale = _SIDE / max(d, q)
    parts, x = [], 4.0
    for i in range(min(n, _SHOWN)):
        if i:
            parts.append(_sign(x, "+"))
            x += 26
        side = 52.0
        parts.append(
            _matrix(A[i], x, side, side, dark) + _caption(x + side / 2, side, f"A{_low(i + 1)}  {n} × {n}")
        )
        x += side + 6
        parts.append(_sign(x, "⊗"))
        x += 24
        width, height = max(30.0, q / n * scale), max(30.0, d / n * scale)
        parts.append(
            _matrix(S[i], x, width, height, dark)
            + _caption(x + width / 2, height, f"S{_low(i + 1)}  {d // n} × {q // n}")
        )
        x += max(width, 64) + 8
    if n > _SHOWN:
        parts.append(_sign(x, "+ …"))
        x += 50
    parts.append(_sign(x, "="))
    x += 34
    width, height = max(24.0, q * scale), max(24.0, d * scale)
    parts.append(
        _matrix(H, x, width, height, dark)
        + _blocks(n, x, width, height)
        + _caption(x + width / 2, height, f"{d} × {q}")
    )
    x += max(width, 70) + 8
    title = escape.html(_("A sum of Kronecker products and the dense matrix that it makes"))
    picture(
        f'<div class="lab-table"><svg class="lab-kronecker" viewBox="0 0 {x:.0f} 190" width="{x:.0f}" role="img" aria-label="{title}">'
        f"{''.join(parts)}</svg></div>"
    )


def _low(i: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(i))


def _sign(x: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="86" class="sign">{text}</text>'


def _caption(x: float, height: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{80 + height / 2 + 18:.1f}" class="head">{text}</text>'


def _matrix(values: Float64Array, x: float, width: float, height: float, dark: bool) -> str:
    rows, columns = values.shape
    top = 80 - height / 2
    frame = f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" class="frame"/>'
    if values.size > _MOST_CELLS:
        return frame
    limit = max(float(np.abs(values).max()), 1e-12)
    dx, dy = width / columns, height / rows
    cells = "".join(
        f'<rect x="{x + c * dx:.1f}" y="{top + r * dy:.1f}" width="{dx:.1f}" height="{dy:.1f}" '
        f'fill="{diverging_color(float(values[r, c]), limit, dark)}"/>'
        for r in range(rows)
        for c in range(columns)
    )
    return cells + frame


def _blocks(n: int, x: float, width: float, height: float) -> str:
    """The lines between the n times n blocks, each a mixture of the S."""
    top = 80 - height / 2
    return "".join(
        f'<line x1="{x + i * width / n:.1f}" x2="{x + i * width / n:.1f}" y1="{top:.1f}" y2="{top + height:.1f}"/>'
        f'<line x1="{x:.1f}" x2="{x + width:.1f}" y1="{top + i * height / n:.1f}" y2="{top + i * height / n:.1f}"/>'
        for i in range(1, n)
    )
