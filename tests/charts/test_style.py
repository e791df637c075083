import html
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import plotly.io as pio
import pytest
from plotly.validator_cache import ValidatorCache

from charts import style
from tests.charts.read import contrast

# What dichromats see, in linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
COLOUR_BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
PAPERS = ("#fdfcf9", "#141b26")


def cielab(color, seen=None):
    """CIE L*a*b* of ``#rrggbb``, as a dichromat sees it if asked."""
    values = np.array(style.rgb(color)) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    if seen:
        linear = np.clip(np.array(COLOUR_BLIND[seen]) @ linear, 0, 1)
    f = np.array([v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116
                  for v in TO_XYZ @ linear / np.sum(TO_XYZ, axis=1)])  # fmt: skip
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first, second, seen=None):
    """CIEDE2000 by its definition (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = cielab(first, seen), cielab(second, seen)
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    middle, c, h = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    t = (1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
         + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.2 * np.cos(np.radians(4 * h - 63)))  # fmt: skip
    sl = 1 + 0.015 * (middle - 50) ** 2 / np.sqrt(20 + (middle - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rt = -2 * np.sqrt(c**7 / (c**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    return np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * dc / sc * dh / sh)


def nearest(colors, seen=None):
    return min(distance(a, b, seen) for a, b in combinations(colors, 2))


def test_the_distance_is_that_of_the_standard():
    # Black and white are 100 apart; the other pair is worked out by scikit-image 0.25.
    assert distance("#000000", "#ffffff") == pytest.approx(100, abs=0.01)
    assert distance("#ff0000", "#0000ff") == pytest.approx(52.88, abs=0.02)


def test_ten_colours_each_with_a_marker_of_its_own():
    assert len(set(style.CLASS_MARKERS)) == len(set(style.CLASS_COLORS)) == 10
    known = ValidatorCache.get_validator("scatter.marker", "symbol").values
    assert set(style.CLASS_MARKERS) <= set(known)


@pytest.mark.parametrize(
    ("seen", "three", "ten"), [(None, 45, 15), ("protan", 25, 10), ("deutan", 25, 10), ("tritan", 25, 10)]
)
def test_class_colours_are_told_apart_also_by_the_colour_blind(seen, three, ten):
    assert nearest(style.CLASS_COLORS[:3], seen) >= three
    assert nearest(style.CLASS_COLORS, seen) >= ten


@pytest.mark.parametrize("color", style.CLASS_COLORS)
def test_a_class_colour_is_seen_on_both_papers_and_is_no_grey(color):
    light, dark = PAPERS
    assert contrast(color, light) >= 1.99
    assert contrast(color, dark) >= 2.8
    assert np.hypot(*cielab(color)[1:]) >= 38


@pytest.mark.parametrize("dark", [False, True])
def test_a_colour_of_a_sign_is_no_class_colour(dark):
    signs = (style.ink(dark).negative, style.ink(dark).positive)
    assert min(distance(sign, color) for sign in signs for color in style.CLASS_COLORS) >= 12


@pytest.mark.parametrize("dark", [False, True])
def test_a_figure_brings_its_own_template_whatever_the_default_is(dark, monkeypatch):
    monkeypatch.setattr(pio.templates, "default", "plotly_dark")
    layout = style.figure(dark).layout.template.layout
    assert layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color == style.ink(dark).text
    assert "CJK" in layout.font.family
    assert list(layout.colorway) == list(style.CLASS_COLORS)


def test_light_and_dark_differ_and_equal_input_gives_equal_figures():
    assert style.figure(True).checked() == style.figure(True).checked()
    assert style.figure(True).checked().to_json() == style.figure(True).checked().to_json()
    assert style.figure(True).checked() != style.figure(False).checked()


def test_changing_one_figures_template_leaves_the_next_one_alone():
    style.figure(False).layout.template.layout.paper_bgcolor = "red"
    style.figure(False).layout.template.layout.font.color = "red"
    assert style.figure(False).layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert style.figure(False).layout.template.layout.font.color == style.ink(False).text


@pytest.mark.parametrize("color", style.CLASS_COLORS)
def test_text_on_a_class_colour_is_readable(color):
    assert contrast(style.text_on(color), color) >= 4.5


@pytest.mark.parametrize(("dark", "page"), [(False, "#ffffff"), (True, "#0e1117")])
def test_ink_is_readable_on_the_page(dark, page):
    ink = style.ink(dark)
    for color in (ink.text, ink.muted, ink.warning, *ink.series):
        assert contrast(color, page) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_the_signed_scale_is_symmetric_about_a_neutral_zero(dark):
    (low, blue), (middle, neutral), (high, red) = style.diverging(dark)
    assert (low, middle, high) == (0, 0.5, 1)
    assert style.diverging_color(-3.0, 3.0, dark) == blue
    assert style.diverging_color(0.0, 3.0, dark) == neutral
    assert style.diverging_color(9.0, 3.0, dark) == red
    assert style.rgb(blue)[2] > style.rgb(blue)[0]
    assert style.rgb(red)[0] > style.rgb(red)[2]


def test_series_differ_without_colour():
    assert len({style.series_line(i, False)["dash"] for i in range(4)}) == 4


def test_charts_import_no_streamlit():
    rooms = ", ".join(f"charts.{path.stem}" for path in Path(style.__file__).parent.glob("[a-z]*.py"))
    code = f"import {rooms}, sys; print('streamlit' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    "name",
    ['<a href="javascript:alert(1)">', "%{y}", "$x$", "a & b", "it's", "&lt;b&gt;", "<br>", "猫", "{0}"],
)
def test_a_name_is_shown_letter_by_letter(name):
    safe = style.as_text(name, limit=60)
    assert not set(safe) & set("<>$%{}\"'")
    assert html.unescape(safe) == name


def test_every_entity_is_numeric_because_plotly_knows_few_by_name():
    entities = style.as_text("&<>\"'$%{}").split(";")[:-1]
    assert len(entities) == 9
    assert all(entity.startswith("&#") for entity in entities)


def test_long_names_are_cut_before_they_are_escaped():
    assert style.as_text("a" * 10_000) == "a" * 23 + "…"
    assert html.unescape(style.as_text("<" * 10_000)) == "<" * 23 + "…"
    assert style.as_text("猫" * 12) == "猫" * 12
    assert style.as_text("猫" * 13) == "猫" * 11 + "…"


def test_line_breaks_controls_and_direction_overrides_do_not_survive():
    assert style.as_text(" a\n\tb\x00\x1b\u202ec ") == "a bc"


def test_translucent():
    assert style.translucent("#3f90da", 0.25) == "rgba(63,144,218,0.25)"


def test_the_modebar_and_every_way_to_a_server_are_off():
    assert style.CONFIG["displayModeBar"] is False
    assert style.CONFIG["plotlyServerURL"] == ""


@pytest.mark.parametrize(("dark", "ground"), [(False, "#fdfcf9"), (True, "#141b26")])
def test_letters_in_class_colours_can_be_read(dark, ground):
    inks = [style.class_ink(k, dark) for k in range(10)]
    assert all(contrast(color, ground) >= 4.5 for color in inks)
    assert len(set(inks)) == 10
