"""The curve in the browser against softmax_core: the loss along the sweep of one logit, its slope, and the way back."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from lesson import load_module, module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import bundle
from softmax_core.functional import softmax
from softmax_core.losses import soft_cross_entropy

NAMES = "restCost, lossAt, slopeAt, pointsOf, nearest, logitFor, arrowPath, classOnAxis"
CASES = [
    ([2.0, 1.0, 0.1], [1.0, 0.0, 0.0], 0),
    ([2.0, 1.0, 0.1], [0.2, 0.5, 0.3], 1),
    ([-300.0, 40.0], [0.9, 0.1], 0),
    ([0.0, 0.0, 5.0, -5.0], [0.0, 0.0, 0.0, 1.0], 3),
]


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("loss_curve/curve.js"), NAMES) as page:
        yield page


@pytest.mark.parametrize(("logits", "targets", "t"), CASES)
def test_the_curve_is_the_loss_while_one_logit_moves(
    js: Page, logits: list[float], targets: list[float], t: int
) -> None:
    rest = js.evaluate("([z, y, t]) => lab.restCost(z, y, t)", [logits, targets, t])
    for p in (0.01, 0.3, 0.5, 0.9):
        z = np.array(logits)
        z[t] = js.evaluate("([p, z, t]) => lab.logitFor(p, z, t)", [p, logits, t])
        assert softmax(z)[t] == pytest.approx(p, rel=1e-9)
        loss = js.evaluate("([p, y, rest]) => lab.lossAt(p, y, rest)", [p, targets[t], rest])
        assert loss == pytest.approx(float(soft_cross_entropy(z, targets)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("y", [1.0, 0.6, 0.0])
def test_the_tangent_has_the_slope_of_the_curve(js: Page, y: float) -> None:
    for p in (0.05, 0.5, 0.95):
        up, down, slope = js.evaluate(
            "([p, y]) => [lab.lossAt(p + 1e-6, y, 0), lab.lossAt(p - 1e-6, y, 0), lab.slopeAt(p, y)]", [p, y]
        )
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-5)


def test_a_place_on_the_curve_gives_its_own_probability(js: Page) -> None:
    for p in (0.02, 0.3, 0.8, 0.99):
        place = [p * 280, 165 * (1 + np.log(p) / 5)]
        found = js.evaluate("([x, y]) => lab.nearest(lab.pointsOf(1, 0), x, y, 280, 165)", place)
        assert found == pytest.approx(p, abs=0.006)


def test_an_arrow_ends_where_it_should_and_none_is_drawn_for_nothing(js: Page) -> None:
    for begin, end in ((100, 40), (10, 200), (50, 53), (53, 50)):
        path = js.evaluate("([a, b]) => lab.arrowPath(a, b, 20)", [begin, end])
        xs = [float(x) for x in re.findall(r"[MLH](-?[\d.]+)", path)]
        assert (min(xs), max(xs)) == (min(begin, end), max(begin, end))
        assert f"L{end} 20" in path, "the tip"
    assert js.evaluate("lab.arrowPath(50, 50.5, 20)") == ""


def test_the_axis_is_the_true_class_or_the_heaviest(js: Page) -> None:
    assert js.evaluate("lab.classOnAxis({ target: 2 }, [0, 0, 1])") == 2
    assert js.evaluate("lab.classOnAxis({ target: 0 }, [0.2, 0.5, 0.3])") == 1


def test_an_instrument_on_the_page_outlives_an_update_that_was_overtaken(page: Page) -> None:
    """Streamlit calls what the earlier mount returned where a second one follows at once; else it ends at its removal."""
    load_module(page, bundle("shared/instrument.js"), "Instrument, mountInstrument")
    seen = page.evaluate("""() => {
      class Kind extends lab.Instrument { build() {} renew() {} paint() {} }
      const host = document.body.appendChild(document.createElement("div"));
      const mount = () => lab.mountInstrument({ parentElement: host, data: { revision: 0 } }, Kind);
      const [first, second] = [mount(), mount()];
      const made = host.instrument;
      first();
      const kept = host.instrument === made && host.childElementCount === 1;
      host.remove();
      second();
      return [kept, host.instrument, host.childElementCount];
    }""")
    assert seen == [True, None, 0]
