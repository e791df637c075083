"""The scripts of Plotly: a part for what lies in the plane, the whole for surfaces."""

import re
from functools import partialmethod

import pytest
from plotly.offline import get_plotlyjs_version

from charts.figure import Figure
from charts.script import IN_SPACE, PART, address_for, scripts

KINDS = [kind.args[0] for kind in vars(Figure).values() if isinstance(kind, partialmethod)]


def test_the_part_has_the_version_of_the_whole() -> None:
    """A newer package comes with a newer part; CONTRIBUTING says how it is fetched."""
    head = PART.read_text(encoding="utf-8")[:200]
    assert re.search(r"plotly\.js \(cartesian - minified\) v(\S+)", head)[1] == get_plotlyjs_version()


def test_the_part_draws_all_that_lies_in_the_plane() -> None:
    known = set(re.findall(r'moduleType:"trace",name:"(\w+)"', PART.read_text(encoding="utf-8")))
    assert {"scatter", "surface"} <= set(KINDS)
    assert set(KINDS) - IN_SPACE <= known
    assert not IN_SPACE & known


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_drawn_by_the_part_where_it_can(kind: str) -> None:
    (part, small), (whole, large) = scripts()
    figure = Figure({}).add_bar(x=[1], y=[2])
    getattr(figure, f"add_{kind}")()
    assert address_for(figure) == (whole if kind in IN_SPACE else part)
    assert 2 * len(small) < len(large)
