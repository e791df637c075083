"""The tree of a Huffman code as a drawing: leaves in the colours of their symbols, 0 to the left and 1 to the right."""

from __future__ import annotations

from collections.abc import Sequence

from charts.style import CLASS_COLORS
from locales import _
from softmax_core.huffman import HuffmanCode
from ui import escape
from ui.widgets.show import number, picture

_COLUMN, _LEAST, _LEVEL, _TOP, _MARGIN = 74, 300, 62, 26, 20


def places(code: HuffmanCode) -> dict[int, tuple[float, int]]:
    """Return where each node of the tree stands: across, from 0 to 1, and how many edges below the root.

    Leaves stand at equal distances in the order of their words; a parent stands in the middle of its children.
    """
    K = len(code.words)
    leaves = sorted((word, k) for k, word in enumerate(code.words) if word is not None)
    across = {k: (i + 0.5) / len(leaves) for i, (_word, k) in enumerate(leaves)}
    depth = {k: len(word) for word, k in leaves}
    for m, (zero, one) in enumerate(code.merges):
        across[K + m] = (across[zero] + across[one]) / 2
    if code.merges:
        _descend(code, K + len(code.merges) - 1, 0, depth)
    return {node: (across[node], depth[node]) for node in across}


def _descend(code: HuffmanCode, node: int, level: int, depth: dict[int, int]) -> None:
    depth[node] = level
    if node >= len(code.words):
        for child in code.merges[node - len(code.words)]:
            _descend(code, child, level + 1, depth)


def tree(code: HuffmanCode, names: Sequence[str]) -> None:
    """Draw the tree with every node's probability and the bit on every edge."""
    K, spots, weights = len(code.words), places(code), code.weights()
    deepest = max(level for _across, level in spots.values())
    width, height = max(_LEAST, _COLUMN * sum(node < K for node in spots)), _TOP + deepest * _LEVEL + 64

    def at(node: int) -> tuple[float, float]:
        across, level = spots[node]
        return _MARGIN + across * (width - 2 * _MARGIN), _TOP + level * _LEVEL

    edges, bits = [], []
    for m, children in enumerate(code.merges):
        x0, y0 = at(K + m)
        for bit, child in enumerate(children):
            x1, y1 = at(child)
            edges.append(
                f'<line class="wire" x1="{x0:.1f}" y1="{y0 + 12:.1f}" x2="{x1:.1f}" y2="{y1 - 11:.1f}"/>'
            )
            side = -9 if bit == 0 else 9
            bits.append(
                f'<text class="head" x="{(x0 + x1) / 2 + side:.1f}" y="{(y0 + y1) / 2 + 2:.1f}">{bit}</text>'
            )
    nodes = "".join(_inner(at(node), weights[node]) for node in spots if node >= K)
    leaves = "".join(_leaf(at(k), k, names[k], code.words[k] or "") for k in range(K) if k in spots)
    title = escape.html(_("The tree of the Huffman code"))
    picture(
        f'<div class="lab-table"><svg class="lab-picture lab-tree" viewBox="0 0 {width} {height}" style="width:{width}px;max-width:none" role="img" '
        f'aria-label="{title}">{"".join(edges)}{"".join(bits)}{nodes}{leaves}</svg></div>'
    )


def _inner(place: tuple[float, float], weight: float) -> str:
    x, y = place
    return (
        f'<rect class="node" x="{x - 22:.1f}" y="{y - 12:.1f}" width="44" height="24" rx="12"/>'
        f'<text class="middle" x="{x:.1f}" y="{y + 5:.1f}">{number(weight)}</text>'
    )


def _leaf(place: tuple[float, float], k: int, name: str, word: str) -> str:
    x, y = place
    shown = name if len(name) <= 9 else f"{name[:8]}…"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{CLASS_COLORS[k]}"/>'
        f'<text class="middle" x="{x:.1f}" y="{y + 28:.1f}">{escape.html(shown)}</text>'
        f'<text class="middle word" x="{x:.1f}" y="{y + 47:.1f}">{word or "–"}</text>'
    )
