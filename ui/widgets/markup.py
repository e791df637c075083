"""Texts and formulas as trees of elements, for what an instrument shows: it can load no KaTeX.

A tree is a text, or a list ``[tag, attributes, *children]``; the browser makes elements of it (``shared/markup.js``). A
formula becomes MathML, which browsers set themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Tree = Any
"""``str`` or ``[tag, {attribute: value}, *trees]``."""

_TOKEN = re.compile(
    r"\\[a-zA-Z]+|\\.|(?:\d+(?:\.\d+)?|\.\d+)(?:e[−-]?\d+|×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|\s+|[^\W\d_][\u0300-\u036f]?|.",
    re.DOTALL,
)
_OPERATORS = {
    "cdot": "·", "partial": "∂", "Longrightarrow": "⟹", "|": "‖", "approx": "≈", "times": "×", "le": "≤",
    "in": "∈", "ldots": "…", "sum": "∑", "max": "max", "Bigl": "", "left": "", "right": "",
}  # fmt: skip
_LETTERS = {"eta": "η", "lambda": "λ", "sigma": "σ", "delta": "δ", "varepsilon": "ε", "infty": "∞"}
_FUNCTIONS = ("log", "exp", "max")
_SPACES = {",": "0.17em", ";": "0.28em", " ": "0.3em", "quad": "1em"}
_RELATIONS = ("=", r"\approx", r"\Longrightarrow")
_PIECE = re.compile(r"(\*\*[^*]+\*\*|\$\$[^$]+\$\$|\$[^$]+\$)")


def element(tag: str, *children: Tree, **attributes: str) -> list[Tree]:
    """Return one element of a tree."""
    return [tag, attributes, *children]


def paragraphs(text: str) -> list[Tree]:
    """Return the paragraphs of a text: ``**bold**``, ``$formula$``, ``$$formula$$`` alone, lists of ``- ``."""
    return [_paragraph(part) for part in text.split("\n\n")]


def _paragraph(text: str) -> Tree:
    if text.startswith("$$"):
        return element("p", *formula(text[2:-2], display=True), **{"class": "formula"})
    if text.startswith("- "):
        return element("ul", *(element("li", *inline(line[2:])) for line in text.splitlines()))
    return element("p", *inline(text))


def inline(text: str) -> list[Tree]:
    """Return a line of text with its bold words and formulas."""
    parts: list[Tree] = []
    for piece in filter(None, _PIECE.split(text)):
        if piece.startswith("**"):
            parts.append(element("b", piece[2:-2]))
        elif piece.startswith("$"):
            parts += formula(piece.strip("$"))
        else:
            parts.append(piece)
    return parts


def formula(tex: str, display: bool = False) -> list[Tree]:
    r"""Return a formula as one or more MathML elements: a displayed one may break before its relations.

    Understands what the questions use: fractions, indices and powers, sums, ``\log``, ``\mathrm``, ``\underset``, spaces.

    Raises
    ------
    ValueError
        If there is a command that it does not know, or a brace without its partner.
    """
    tokens = [token for token in _TOKEN.findall(tex) if token.strip()]
    if not display:
        return [element("math", *_row(iter(tokens)))]
    pieces: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "{([") - (token in "})]")
        if depth == 0 and token == r"\qquad":
            pieces.append([])
            continue
        if depth == 0 and token in _RELATIONS and pieces[-1]:
            pieces.append([])
        pieces[-1].append(token)
    return [element("math", *_row(iter(piece)), displaystyle="true") for piece in pieces if piece]


def _row(tokens: Iterator[str], closed_by: str | None = None) -> list[Tree]:
    """Read up to the closing brace, or to the end."""
    nodes: list[Tree] = []
    for token in tokens:
        if token == closed_by:
            return nodes
        if token in "^_":
            base = nodes.pop() if nodes else element("mrow")
            nodes.append(_scripted(base, token, _argument(tokens)))
        else:
            node = _node(token, tokens)
            if node is not None:
                nodes.append(_signed(node, nodes))
    if closed_by is not None:
        raise ValueError("a brace is not closed")
    return nodes


def _signed(node: Tree, before: list[Tree]) -> Tree:
    """Return a minus as a sign and not as an operation where no term stands before it."""
    after_sign = not before or (before[-1][0] == "mo" and before[-1][2] not in (")", "]"))
    return element("mo", "−", form="prefix") if node[0] == "mo" and node[2] == "−" and after_sign else node


def _scripted(base: Tree, mark: str, script: Tree) -> Tree:
    below = mark == "_"
    if base[0] in ("msub", "munder") and not below:  # x_i^2
        return element("munderover" if base[0] == "munder" else "msubsup", *base[2:], script)
    if base[-1] in ("∑", "max"):
        return element("munder" if below else "mover", base, script)
    return element("msub" if below else "msup", base, script)


def _argument(tokens: Iterator[str]) -> Tree:
    token = next(tokens, None)
    if token is None:
        raise ValueError("an argument is missing")
    if token == "{":
        return element("mrow", *_row(tokens, "}"))
    node = _node(token, tokens)
    return element("mrow") if node is None else node


def _node(token: str, tokens: Iterator[str]) -> Tree | None:
    name = token[1:] if token.startswith("\\") else None
    if token == "{":
        return element("mrow", *_row(tokens, "}"))
    if token == "}":
        raise ValueError("a brace is closed that was not opened")
    if name is None:
        return _sign(token)
    if name in ("left", "right"):
        return element("mo", next(tokens, ""), stretchy="true")
    if name == "displaystyle":
        return None
    if name in ("frac", "tfrac"):
        fraction = element("mfrac", _argument(tokens), _argument(tokens))
        return fraction if name == "frac" else element("mstyle", fraction, displaystyle="false")
    if name == "underset":
        below, over = _argument(tokens), _argument(tokens)
        return element("munder", over, below)
    if name == "mathrm":
        return element("mi", text_of(_argument(tokens)), mathvariant="normal")
    if name in _SPACES:
        return element("mspace", width=_SPACES[name])
    if name in _FUNCTIONS:
        return element("mrow", element("mi", name), element("mspace", width="0.17em"))
    if name in _LETTERS:
        return element("mi", _LETTERS[name])
    if name in _OPERATORS:
        return (
            element("mo", _OPERATORS[name], form="infix")
            if f"\\{name}" in _RELATIONS
            else element("mo", _OPERATORS[name])
        )
    raise ValueError(f"no formula of ours has the command {token}")


def _sign(token: str) -> Tree:
    if token[0].isdigit() or (token[0] == "." and len(token) > 1):
        return element("mn", token)
    if token.isalpha():
        return element("mi", token)
    if token == "=":  # at the beginning of a line too it has its spaces
        return element("mo", token, form="infix")
    if token in "‖|()[]":
        return element("mo", token, stretchy="false")
    return element("mo", "−" if token == "-" else token)


def text_of(*trees: Tree) -> str:
    """Return the texts of trees without their elements."""
    return "".join(tree if isinstance(tree, str) else text_of(*tree[2:]) for tree in trees)
