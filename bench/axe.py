"""What axe-core finds on every page and panel: ``python -m bench.axe [page ...]``.

Both languages, both themes, both widths, in a window 3,000 pixels high: pages, panels, a presentation, a page in a frame, the
open Share dialog and the list of keys; each challenge, asked and answered, in English on light and in Chinese on dark.
tests/browser/test_widths.py asks the same of each page, without its panels, in one language, theme and width.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import product

from axe import HEIGHT, WIDTHS, lines, violations
from playwright.sync_api import Page
from waits import quiet

from bench.support.browser import addresses, app_in_browser
from ui.slips.registry import SLIPS

# Views that no list of panels leads to.
MORE = {
    "training": ("training_mode=race", "training_stage_step=60&training_panel=settings&training_all=true"),
    "hidden_layer": (
        "hidden_layer_panel=settings&hidden_layer_all=true",
        "hidden_layer_panel=story&hidden_layer_way=backward&hidden_layer_stage_step=60",
    ),
    "images": ("images_challenge_open=draw",),
    "slips": tuple(f"slips_panel={code}" for code in SLIPS),
    "practice": ("practice_seed=7&practice_view=sheet",),
}

EVERYWHERE = ("view=present", "embed=true")
CHALLENGED = (("en", "light"), ("zh", "dark"))
CARD = "[data-instrument=challenges]"


def look(page: Page, where: str, counts: Counter[str], said: set[str]) -> None:
    """Run axe at both widths; print each thing once a page."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        quiet(page, 250)
        found = violations(page)
        counts[where] += len(found)
        for line in lines(found):
            if line not in said:
                said.add(line)
                print(f"  {where} {width}  {line}", flush=True)


def dialogs(page: Page, where: str, counts: Counter[str], said: set[str]) -> None:
    """Look at the Share dialog while it is open."""
    page.locator(".st-key-lab_share button").first.click()
    page.get_by_role("dialog").first.wait_for()
    quiet(page)
    look(page, f"{where} share", counts, said)
    page.keyboard.press("Escape")
    quiet(page)


def challenges(page: Page, where: str, counts: Counter[str], said: set[str]) -> None:
    """Look at each challenge of a lesson, first asked, then answered: by "Just show me", or as a goal with its hint."""
    card = page.locator(CARD)
    for k in range(card.locator(".step").count()):
        card.locator(".step").nth(k).click()
        quiet(page)
        look(page, f"{where} challenge {k + 1}", counts, said)
        # The button of a prediction; a goal has its hint, where it is not reached.
        for button in (
            card.locator("[data-key~=Answer]"),
            card.locator(".answer .quiet:not([hidden])"),
        ):
            if button.count():
                button.first.click()
                quiet(page)
                look(page, f"{where} challenge {k + 1} answered", counts, said)
                break


def main(wanted: list[str], languages: list[str]) -> None:
    """Look at the pages that are wanted, or at all, and print how much was found on each."""
    total = Counter[str]()
    with app_in_browser() as (server, browser):
        page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT})
        for stem, address in addresses(server.url, wanted):
            counts, said = Counter[str](), set[str]()
            for language, theme in product(languages, ("light", "dark")):
                # Before the page is opened: Python hears of the theme with the next run of the script.
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                for query in (*EVERYWHERE, *MORE.get(stem, ()), ""):
                    page.goto(f"{address}?lang={language}&{query}")
                    page.locator("html.lab-ready").wait_for(state="attached", timeout=60_000)
                    quiet(page)
                    where = f"{stem} {language} {theme} {query}".strip()
                    look(page, where, counts, said)
                    if query == "view=present":
                        page.keyboard.press("?")
                        page.locator("html.lab-list").wait_for(state="attached")
                        look(page, f"{where} keys", counts, said)
                    if not query:
                        dialogs(page, where, counts, said)
                    panels = page.locator(f".st-key-{stem}_panel [role=radio]")
                    for k in range(0 if query else panels.count()):
                        if not panels.nth(k).is_checked():
                            panels.nth(k).click()
                            quiet(page)
                            look(page, f"{where} panel {k}", counts, said)
                if (language, theme) in CHALLENGED:
                    page.goto(f"{address}?lang={language}")
                    page.locator("html.lab-ready").wait_for(state="attached")
                    quiet(page)
                    challenges(page, where, counts, said)
            total[stem] = sum(counts.values())
            print(f"{stem:16}{total[stem]:6}  {dict(+counts)}", flush=True)
    print(f"{'together':16}{sum(total.values()):6}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What axe-core finds on every page and panel.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--languages", nargs="*", default=["en", "zh"])
    arguments = parser.parse_args()
    main(arguments.page, arguments.languages)
