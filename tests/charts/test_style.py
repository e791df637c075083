import html
import subprocess
import sys
from pathlib import Path

import plotly.io as pio
import pytest
from plotly.validator_cache import ValidatorCache

from charts import style
from tests.charts.read import contrast

# Petroff (2021), the ten-colour sequence as published.
PETROFF = ["3f90da", "ffa90e", "bd1f01", "94a4a2", "832db6", "a96b59", "e76300", "b9ac70", "717581", "92dadd"]


def test_colours_are_petroffs_ten_each_with_a_marker_of_its_own():
    assert [color[1:] for color in style.CLASS_COLORS] == PETROFF
    assert len(set(style.CLASS_MARKERS)) == len(style.CLASS_COLORS) == 10
    known = ValidatorCache.get_validator("scatter.marker", "symbol").values
    assert set(style.CLASS_MARKERS) <= set(known)


@pytest.mark.parametrize("dark", [False, True])
def test_a_figure_brings_its_own_template_whatever_the_default_is(dark, monkeypatch):
    monkeypatch.setattr(pio.templates, "default", "plotly_dark")
    layout = style.figure(dark).layout.template.layout
    assert layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color == style.ink(dark).text
    assert "CJK" in layout.font.family
    assert list(layout.colorway) == list(style.CLASS_COLORS)


def test_light_and_dark_differ_and_equal_input_gives_equal_figures():
    assert style.figure(True) == style.figure(True)
    assert style.figure(True).to_json() == style.figure(True).to_json()
    assert style.figure(True) != style.figure(False)


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
