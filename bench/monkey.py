"""Mouse, fingers and keys in random order on every page: ``python -m bench.monkey [page ...] [--seconds 60] [--seed N] [--doubled | --late]``.

While it acts it counts errors in the console and tracebacks of the server, freezes (no frame for more than a second), pages that
scroll sideways, exceptions on the page, and what axe-core finds. ``--doubled`` shows every text of ours at twice its length;
``--language zh`` the Chinese pages; ``--late`` takes a server that is late with everything. The seed is printed and gives the same
choices again, though not the same moments.
A machine that is busy with something else makes freezes that are not the page's: only those count in which the page's own thread has
used the processor for as long; what went by without a frame is printed all the same.
tests/browser/test_monkey.py does a few seconds of the same.
"""

from __future__ import annotations

import argparse
import random
import sys

from monkey import SIZES, Monkey

from bench.support.browser import addresses, app_in_browser


def main(wanted: list[str], seconds: float, seed: int, kind: str, language: str) -> int:
    """Act on the pages that are wanted, or on all; print what went wrong, and return how many kinds of it."""
    print(f"seed {seed}, {seconds:g} s a page{f', {kind}' if kind else ''}", flush=True)
    total = 0
    with app_in_browser(f"bench.support.{kind}" if kind else "streamlit") as (server, browser):
        for stem, address in addresses(server.url, wanted):
            context = browser.new_context(
                locale="en-US", has_touch=True, viewport={"width": SIZES[0][0], "height": SIZES[0][1]}
            )
            monkey = Monkey(context.new_page(), seed)
            monkey.visit(f"{address}?lang={language}", seconds)
            said = len(server.complaints())
            print(
                f"{stem:16}{monkey.actions:6} actions, longest without a frame {monkey.longest:.2f} s, "
                f"{len(monkey.faults)} kinds of faults{', TRACEBACKS' if said else ''}",
                flush=True,
            )
            for fault in monkey.faults.values():
                print(f"    {fault}", flush=True)
            total += len(monkey.faults)
            context.close()
    if complaints := server.complaints():
        print(complaints[:20_000])  # the exception itself stands below its traceback
        total += 1
    print(f"together {total}")
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Mouse, fingers and keys in random order on every page.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    kinds = parser.add_mutually_exclusive_group()
    kinds.set_defaults(kind="")
    for kind, what in (("doubled", "every text at twice its length"), ("late", "a server that is late")):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=what)
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    sys.exit(main(arguments.page, arguments.seconds, arguments.seed, arguments.kind, arguments.language) > 0)
