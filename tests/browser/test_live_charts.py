"""Charts that follow a drag are drawn once for each change: a second drawing would cost the drag its frames."""

from playwright.sync_api import Page
from server import Server
from waits import quiet

# Ticks that were made and ticks that stand there: Plotly makes new ones whenever it draws an axis anew.
COUNT = """() => {
  window.labMade = new Set();
  new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    if (node.nodeType !== 1) return;
    if (node.matches(".xtick")) labMade.add(node);
    node.querySelectorAll(".xtick").forEach((tick) => labMade.add(tick));
  }))).observe(document.querySelector(".stMainBlockContainer"), { subtree: true, childList: true });
}"""


def test_a_change_draws_a_chart_once(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/loss?loss_panel=compare")
    page.wait_for_selector(".js-plotly-plot .xtick")
    quiet(page)
    page.locator(".handle").first.focus()
    page.evaluate(COUNT)
    plot = page.locator(".js-plotly-plot").element_handle()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("plot => !plot.isConnected", arg=plot)
    page.wait_for_selector(".js-plotly-plot .xtick")
    quiet(page, 1000)
    standing = page.locator(".js-plotly-plot .xtick").count()
    assert standing >= 3
    assert page.evaluate("labMade.size") == standing
