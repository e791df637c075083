"""What a change of a page costs the browser in styles: ``python -m bench.styles [page ...]``.

A line of text is added and measured, as Plotly does for every label. The same without all rules that ask what an element holds
(``:has``), Streamlit's and ours: the browser looks again at whatever they may decide, after every change. The ratio should be near 1.
"""

from __future__ import annotations

import argparse
from statistics import median

from waits import quiet

from bench.support.browser import addresses, app_in_browser

TIMES = 7
CHANGE = """() => {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.querySelector(".stMain div").append(picture);
  const began = performance.now();
  for (let i = 0; i < 150; i++) {
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.textContent = i;
    picture.append(text);
    text.getBoundingClientRect();
    text.remove();
  }
  const time = performance.now() - began;
  picture.remove();
  return time / 150;
}"""
DROP = """() => {
  const walk = (owner) => [...owner.cssRules].reverse().forEach((rule, i, all) => {
    if (rule.selectorText?.includes(":has(")) owner.deleteRule(all.length - 1 - i);
    else if (rule.cssRules?.length) walk(rule);
  });
  for (const sheet of document.styleSheets) walk(sheet);
}"""


def main(wanted: list[str]) -> None:
    """Measure the pages that are wanted, or all, and print the ratios."""
    with app_in_browser() as (server, browser):
        page = browser.new_page()
        for stem, address in addresses(server.url, wanted):
            page.goto(address)
            page.locator("html.lab-ready").wait_for(state="attached", timeout=60_000)
            quiet(page)
            times = []
            for drop in (False, True):
                if drop:
                    page.evaluate(DROP)
                page.evaluate(CHANGE)  # the first one is slower
                times.append(median(page.evaluate(CHANGE) for _ in range(TIMES)))
            print(
                f"{stem:16}{times[0]:6.2f} ms a change, {times[1]:6.2f} without these rules, ratio {times[0] / times[1]:.2f}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What a change of a page costs the browser in styles.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    main(parser.parse_args().page)
