"""What lies beyond the course on the Linear layer page, read from the page."""

import re

from streamlit.testing.v1 import AppTest

from ui.frame.frame import ROOT


def opened(part: str, **settings: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "linear_layer.py"), default_timeout=120)
    app.query_params["linear_layer_panel"] = part
    for name, text in settings.items():
        app.query_params[f"linear_layer_{name}"] = text
    app.run()
    assert not app.exception, app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(element.value for element in [*app.markdown, *app.caption])


def test_the_kronecker_sum_is_drawn_and_checked():
    app = opened("cost", d="8", q="8", terms="4")
    difference = re.search(r"outputs differ by at most (\S+?e-\d+)", words(app))
    assert difference
    assert float(difference[1]) < 1e-12
    assert words(app).count("<rect") > 8 * 8


def test_times_are_measured_on_request():
    app = opened("speed")
    assert "A guess first" in words(app)
    next(button for button in app.button if "linear_layer_measure" in (button.key or "")).click().run()
    assert not app.exception, app.exception
    assert re.search(r"For n = 4096 the product took \d", words(app))
    assert len(app.get("plotly_chart")) == 1
