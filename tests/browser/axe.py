"""What axe-core finds against WCAG 2.2 AA and its own best practices: bench.axe prints it, test_widths.py allows none of ours."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (1280, 390)
# axe passes over what lies below the fold of the part that Streamlit scrolls, so all of a page has to be on the screen.
HEIGHT = 3000

# What Streamlit draws and we cannot change: rule, where it is, and why it stays.
STREAMLITS = (
    ("empty-table-header", "data-grid-canvas", "The grid of points has a column of marks without a name."),
    (
        "presentation-role-conflict",
        "stFileUploaderDropzone",
        "The field for files is focusable and says that it is no element.",
    ),
)

RUN = """async (within) => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(within ? { include: [...document.querySelectorAll(within)] } : document, { runOnly: tags, resultTypes: ["violations"], elementRef: true });
  const hosts = (node) => {
    const path = [];
    for (let part = node; part; part = part.parentElement ?? part.getRootNode().host) path.push(part);
    return path;
  };
  return violations.flatMap(({ id, nodes }) => nodes.map(({ element, html, any, all, none }) => ({
    rule: id, html: html.slice(0, 160), said: [...any, ...all, ...none][0]?.message ?? "",
    of: [...new Set(hosts(element).flatMap((part) => [part.dataset?.testid, part.dataset?.instrument,
      ...[...(part.classList ?? [])].filter((name) => name.startsWith("st-key-"))]).filter(Boolean))],
  })));
}"""


def violations(page: Page, within: str | None = None) -> list[dict[str, Any]]:
    """Return what axe finds in what the page shows now, without what is Streamlit's alone."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(f"() => {{ {SCRIPT} }}")
    found: list[dict[str, Any]] = page.evaluate(RUN, within)
    return [
        one
        for one in found
        if not any(one["rule"] == rule and place in one["of"] for rule, place, why in STREAMLITS)
    ]


def lines(found: list[dict[str, Any]]) -> list[str]:
    """Return one line for each violation, to print."""
    return [f"{one['rule']}: {one['html']} - {one['said']} - in {' < '.join(one['of'][:4])}" for one in found]
