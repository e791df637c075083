"""The markers of the classes: one shape for each class, on the instruments and in the tables of the lessons."""

import re
from pathlib import Path

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser

from charts.style import CLASS_MARKERS
from instruments.shared.bundle import bundle
from ui.widgets import show

STYLE = Path(show.__file__).with_suffix(".css").read_text(encoding="utf-8")
CORNERS = "(k) => lab.markerPicture(k, 'red').firstElementChild.getAttribute('points')"


def test_a_class_has_the_same_shape_in_a_table_as_on_an_instrument(browser: Browser) -> None:
    with module_page(browser, bundle("shared/shapes.js"), "markerPicture") as page:
        drawn = [page.evaluate(CORNERS, k) for k in range(len(CLASS_MARKERS))]
    assert drawn[0] is None  # the circle
    for k, corners in enumerate(drawn[1:], 1):
        (shape,) = re.findall(rf"\.lab-dot\.{CLASS_MARKERS[k]} {{ clip-path: polygon\((.*?)\)", STYLE)
        cut = np.array([[float(part.rstrip("%")) for part in corner.split()] for corner in shape.split(", ")])
        instrument = np.array([[float(u) for u in corner.split(",")] for corner in corners.split()])
        assert cut == pytest.approx(50 + 50 * instrument / 1.2, abs=0.6), CLASS_MARKERS[k]
        assert f'class="lab-dot {CLASS_MARKERS[k]}"' in show.class_mark(k, "")
