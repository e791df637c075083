"""How much each page jumps while it loads: ``python -m bench.shift [page ...]``.

Prints the cumulative layout shift of each page at two widths: the sum of Chromium's layout-shift entries
(PerformanceObserver) from the navigation until nothing has changed for a second. 0 is a page on which nothing
moves, 0.1 is one in which a tenth of the screen was pushed away by its own height. With ``--causes`` the elements
that moved are named below each page. tests/browser/test_widths.py holds every page at no more than 0.05.
"""

from __future__ import annotations

import argparse

from layout_shift import SIZES, shifts, total

from bench.support.browser import addresses, app_in_browser


def main(wanted: list[str], causes: bool) -> None:
    """Print the table of the pages that are wanted, or of all."""
    with app_in_browser() as (server, browser):
        print(f"{'page':16}" + "".join(f"{width:>7} px" for width in SIZES))
        for stem, address in addresses(server.url, wanted):
            found = shifts(browser, address)
            print(f"{stem:16}" + "".join(f"{total(found[width]):10.3f}" for width in SIZES), flush=True)
            for width in SIZES if causes else ():
                for shift in found[width]:
                    print(
                        f"  {width:4} px {shift['at']:6.0f} ms {shift['value']:.3f}  {'; '.join(shift['causes'])}"
                    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How much each page jumps while it loads.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--causes", action="store_true", help="name what moved")
    arguments = parser.parse_args()
    main(arguments.page, arguments.causes)
