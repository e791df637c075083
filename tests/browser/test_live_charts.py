"""Charts change where they stand: drawn once for each change."""

from playwright.sync_api import Page, expect
from server import Server
from waits import quiet

CHART = ".st-key-loss_values .js-plotly-plot"


def test_a_change_draws_a_chart_once_where_it_stands(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/loss?loss_panel=compare")
    plot = page.locator(CHART)
    plot.locator(".xtick").first.wait_for()
    quiet(page)
    before = plot.evaluate(
        """plot => {
          window.labPlot = plot;
          window.labDrawn = 0;
          plot.on("plotly_afterplot", () => { labDrawn += 1; });
          return JSON.stringify(plot.data);
        }"""
    )
    page.locator(".handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => JSON.stringify(labPlot.data) !== before", arg=before)
    quiet(page, 1000)
    assert page.evaluate("[labPlot.isConnected, labDrawn]") == [True, 1]


def test_a_chart_is_as_wide_as_its_place_when_the_window_changes(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/training?training_panel=curves")
    chart = page.locator(".st-key-training_loss .lab-chart")
    expect(chart.locator(".main-svg").first).to_be_visible()
    for width in (900, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            """() => {
              const chart = document.querySelector(".st-key-training_loss .lab-chart");
              return chart.clientWidth > 100 && Math.abs(chart.querySelector(".main-svg").getBoundingClientRect().width - chart.clientWidth) < 1;
            }"""
        )
