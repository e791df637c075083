"""Colours, marker shapes, the one template of all charts, and the way names enter a figure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charts.figure import Figure
from locales import _

# Found by a search: as far apart as ten can be for readers with any of the three kinds of colour blindness, none of
# them grey, none of them a colour of the signs or of the controls, all of them visible on both papers. The first three
# are the furthest apart. tests/charts/test_style.py measures all of it.
CLASS_COLORS = (
    "#3898ec", "#d89c18", "#b4246c", "#6c48cc", "#846024",
    "#9cc078", "#c06cb4", "#908418", "#f04884", "#188454",
)  # fmt: skip

# One shape per colour; the instruments draw the same ten in the same order.
CLASS_MARKERS = (
    "circle", "square", "diamond", "triangle-up", "cross",
    "x", "triangle-down", "star", "pentagon", "hexagon",
)  # fmt: skip

# Each of these families has figures of equal width by default; Plotly cannot ask a font for them.
FONT_FAMILY = (
    "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
)

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": "reset",
    "showTips": False,
    "responsive": True,
    "plotlyServerURL": "",
}

HEIGHT = 360
HAIRLINE = 1.0
FEW_DECADES = 2.5  # up to here 1, 2 and 5 of each decade are ticks of a log axis, beyond powers of ten alone

NAME_LIMIT = 24

# Bidirectional overrides could make one name swallow the text that follows it.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Plotly decodes numeric entities everywhere, but of the named ones only a handful (not &quot;).
_ENTITIES = str.maketrans({c: f"&#{ord(c)};" for c in "&<>\"'$%{}"})


@dataclass(frozen=True)
class Ink:
    """The few colours of one theme that do not stand for a class."""

    text: str
    muted: str
    grid: str
    axis: str
    surface: str
    warning: str
    negative: str
    neutral: str
    positive: str
    series: tuple[str, ...]


_LIGHT = Ink(
    text="#1f2430", muted="#5c6370", grid="#e6e8ec", axis="#9aa1ac", surface="#ffffff", warning="#b42318",
    negative="#2166ac", neutral="#f5f5f3", positive="#b2182b",
    series=("#1f2430", "#0b7a75", "#a8326e", "#5a7d0a"),
)  # fmt: skip
_DARK = Ink(
    text="#e8eaee", muted="#a3aab6", grid="#2b303a", axis="#6b7280", surface="#1a1d24", warning="#ff8a7a",
    negative="#2c6ecb", neutral="#262a33", positive="#cf3f36",
    series=("#e8eaee", "#45c9c0", "#f08cbf", "#b4d455"),
)  # fmt: skip
_DASHES = ("solid", "dash", "dot", "dashdot")
_DRAWN = {"solid": "──", "dash": "– –", "dot": "···", "dashdot": "–·–"}


def ink(dark: bool) -> Ink:
    """Return the non-class colours of the dark or the light theme."""
    return _DARK if dark else _LIGHT


def dark_to_light() -> dict[str, str]:
    """Return what the colours of the dark theme are in the light one: paper is light."""
    dark, light = (
        [*astuple(ink(on))[:-1], *ink(on).series, *(class_ink(j, on) for j in range(10))]
        for on in (True, False)
    )
    return {a: b for a, b in zip(dark, light, strict=True) if a not in CLASS_COLORS}


def class_color(j: int) -> str:
    """Return the colour of class ``j``; an eleventh class would start again with the first."""
    return CLASS_COLORS[j % len(CLASS_COLORS)]


def class_marker(j: int) -> str:
    """Return the marker symbol of class ``j``."""
    return CLASS_MARKERS[j % len(CLASS_MARKERS)]


def class_point(j: int, dark: bool, size: float = 11) -> dict[str, Any]:
    """Return the marker of class ``j`` for a point that matters: its colour and shape, with a rim."""
    rim = {"color": ink(dark).text, "width": 1.2}
    return {"color": class_color(j), "symbol": class_marker(j), "size": size, "line": rim}


def series_line(i: int, dark: bool) -> dict[str, Any]:
    """Return the line of the ``i``-th curve that is no class (train, test, ...): colour and dash differ."""
    colors = ink(dark).series
    return {"color": colors[i % len(colors)], "dash": _DASHES[i % len(_DASHES)], "width": 1.8}


def rgb(color: str) -> tuple[int, int, int]:
    """Split ``#rrggbb`` into three integers 0..255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(near: str, far: str, share: float) -> str:
    """Return the ``#rrggbb`` that lies ``share`` of the way from one color to another."""
    channels = zip(rgb(near), rgb(far), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in channels)


def translucent(color: str, alpha: float) -> str:
    """Return ``#rrggbb`` as a CSS ``rgba()`` with the given opacity."""
    r, g, b = rgb(color)
    return f"rgba({r},{g},{b},{alpha:g})"


def luminance(color: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white); WCAG 2.2."""
    shares = [channel / 255 for channel in rgb(color)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_on(color: str) -> str:
    """Return black or white, whichever has the higher WCAG contrast on ``color``.

    Examples
    --------
    >>> text_on("#832db6"), text_on("#92dadd")
    ('#ffffff', '#000000')
    """
    light = luminance(color)
    return "#ffffff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"


@lru_cache(maxsize=32)
def class_ink(j: int, dark: bool) -> str:
    """Return the colour of class ``j`` for letters: as near to its own as a contrast of 4.5 on the page allows.

    WCAG 2.2 asks for that much of text; the lighter of the ten colours do not have it on white, nor the
    darker ones on the dark page.
    """
    ground, ink_of_page = ("#141b26", "#e6e9ee") if dark else ("#fdfcf9", "#1d2530")
    for step in range(21):
        color = mix(class_color(j), ink_of_page, step / 20)
        bright, deep = sorted((luminance(color), luminance(ground)), reverse=True)
        if (bright + 0.05) / (deep + 0.05) >= 4.5:
            break
    return color


def diverging(dark: bool) -> list[tuple[float, str]]:
    """Return the colour scale for signed numbers: blue below, the background's neutral at 0, red above."""
    theme = ink(dark)
    return [(0.0, theme.negative), (0.5, theme.neutral), (1.0, theme.positive)]


def diverging_color(value: float, limit: float, dark: bool) -> str:
    """Return the ``#rrggbb`` that `diverging` gives to ``value`` when it spans -limit..limit."""
    theme = ink(dark)
    share = min(abs(value) / limit, 1.0)
    return mix(theme.neutral, theme.negative if value < 0 else theme.positive, share)


def signed_scales() -> dict[str, dict[str, str]]:
    """Return the ends and the middle of `diverging` in both themes, as instruments take them."""
    themes = {"light": ink(False), "dark": ink(True)}
    return {
        name: {"negative": theme.negative, "neutral": theme.neutral, "positive": theme.positive}
        for name, theme in themes.items()
    }


def _axis(theme: Ink) -> dict[str, Any]:
    return {
        "gridcolor": theme.grid, "gridwidth": HAIRLINE, "linecolor": theme.axis, "zeroline": False,
        "showline": False, "ticks": "", "automargin": True, "fixedrange": True,
        "ticklabelstandoff": 4, "separatethousands": True,
        "title": {"standoff": 6, "font": {"size": 14}}, "tickfont": {"size": 12, "color": theme.muted},
    }  # fmt: skip


@lru_cache(maxsize=2)
def _template(dark: bool) -> dict[str, Any]:
    """Return the template of all charts: transparent background, pale grid, minimal margins."""
    theme = ink(dark)
    legend = {
        "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": {"text": ""},
        "bgcolor": "rgba(0,0,0,0)", "font": {"size": 12}, "itemclick": False, "itemdoubleclick": False,
    }  # fmt: skip
    hover = {
        "bgcolor": theme.surface, "bordercolor": theme.axis, "namelength": -1, "align": "left",
        "font": {"family": FONT_FAMILY, "size": 12, "color": theme.text},
    }  # fmt: skip
    layout = dict(
        font={"family": FONT_FAMILY, "size": 13, "color": theme.text},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", colorway=list(CLASS_COLORS),
        margin={"l": 8, "r": 12, "t": 12, "b": 8, "pad": 0}, autotypenumbers="strict",
        xaxis=_axis(theme), yaxis=_axis(theme), legend=legend, hoverlabel=hover, dragmode=False,
        hovermode="closest",
        annotationdefaults={"font": {"color": theme.text, "size": 12}, "showarrow": False},
    )  # fmt: skip
    return {"layout": layout}


def class_ticks(names: Sequence[str], limit: int) -> dict[str, Any]:
    """Return the settings of an axis that names its places 0 .. K - 1 after the classes."""
    texts = [as_text(name, limit) for name in names]
    return {"tickmode": "array", "tickvals": list(range(len(texts))), "ticktext": texts}


def steady(fig: Figure, legend: bool = False) -> Figure:
    """Give a chart that follows a drag fixed margins and, unless it says more than names, no legend.

    Fitting margins and measuring a legend took half of Plotly's time at every update, so that a drag lost frames.
    The board above shows colour, shape and name of every class.
    """
    fig.update_xaxes(automargin=False)
    fig.update_yaxes(automargin=False)
    fig.update_layout(showlegend=legend, margin={"l": 58, "r": 14, "t": 34 if legend else 12, "b": 52})
    return fig


def line_key(fig: Figure, lines: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Write above the plot which line is which, as one text: it costs Plotly a fraction of a legend.

    ``lines`` maps the label, escaped by `as_text`, to the line's ``color`` and ``dash``.
    """
    marks = [
        f'<span style="color:{line["color"]}"><b>{_DRAWN[line["dash"]]}</b></span> {label}'
        for label, line in lines.items()
    ]
    rows = ["   ".join(marks[i : i + 2]) for i in range(0, len(marks), 2)]
    fig.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=4, align="left",
        showarrow=False, text="<br>".join(rows), name="key",
    )  # fmt: skip
    fig.update_layout(margin={"t": 14 + 18 * len(rows)})
    return fig


def percent(share: float, digits: int = 1) -> str:
    """Write a share as the pages do: 0.8833 is 88.3 %. Plotly's own format leaves the space out."""
    return f"{100 * share:.{digits}f} %"


def percent_ticks() -> dict[str, Any]:
    """Return the settings of an axis, or of a bar of colours, from 0 to 1 with a percentage at each quarter."""
    places = [0, 0.25, 0.5, 0.75, 1]
    return {"tickmode": "array", "tickvals": places, "ticktext": [percent(place, 0) for place in places]}


def log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 of each decade around a short log axis, powers of ten of a long one; ends as log10."""
    multiples = (1, 2, 5) if high - low <= FEW_DECADES else (1,)
    decades = range(int(np.floor(low)) - 1, int(np.ceil(high)) + 1)
    return [m * 10.0**e for e in decades for m in multiples]


def single(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return numbers that are only tinted, or written with a few digits, in single precision; unchanged where it has no room."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        smaller = values.astype(np.float32)
        differ = np.abs(smaller - values) > 1e-6 * np.abs(values)  # not where both are NaN or infinite
    return values if differ.any() else smaller


def figure(dark: bool, height: int = HEIGHT) -> Figure:
    """Return an empty figure in our own template.

    Importing Streamlit's charts changes Plotly's default template, so no chart relies on the default.
    ``uirevision`` keeps what the reader did to a chart when its numbers change.
    """
    return Figure({"template": _template(bool(dark)), "height": height, "uirevision": "softmax-lab"})


def labelled(label: str, value: str) -> str:
    """Return "label: value" with the colon of the reader's language."""
    return f"{label}{_(': ')}{value}"


def with_unit(quantity: str, unit: str) -> str:
    """Return "quantity (unit)" with the brackets of the reader's language."""
    return _("{quantity} ({unit})").format(quantity=quantity, unit=unit)


@lru_cache(maxsize=512)
def as_text(name: str, limit: int = NAME_LIMIT) -> str:
    r"""Make a user's string safe and short for any Plotly text, legend entry or hover template.

    Plotly reads a subset of HTML in text (``<a href>``, ``<b>``, ``<br>``), fills ``%{...}`` in templates
    and gives ``$...$`` to MathJax. Here every character with such a meaning becomes a numeric entity, which
    Plotly turns back into the character after it has looked for markup.

    Parameters
    ----------
    name : str
        Anything; it is data, never markup.
    limit : int
        Longest text in columns (a Chinese character takes two); what is longer ends in an ellipsis.

    Returns
    -------
    str
        Text that Plotly shows letter by letter as it was given.

    Examples
    --------
    >>> as_text("<b>cat</b>")
    '&#60;b&#62;cat&#60;/b&#62;'
    >>> as_text("%{y} $x$")
    '&#37;&#123;y&#125; &#36;x&#36;'
    """
    printable = (" " if c.isspace() else c for c in name[: 8 * limit] if c.isspace() or not _is_control(c))
    plain = " ".join("".join(printable).split())
    return _shorten(plain, limit).translate(_ENTITIES)


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shorten(plain: str, limit: int) -> str:
    if sum(map(_columns, plain)) <= limit:
        return plain
    room, short = limit - 1, ""
    for character in plain:
        room -= _columns(character)
        if room < 0:
            break
        short += character
    return short.rstrip() + "…"


def _is_control(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs")
