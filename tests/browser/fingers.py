"""Real touch events: a finger that scrolls, drags sideways, rests and drags, or taps."""

import time
from typing import Any

from playwright.sync_api import Locator, Page

PLACE = "el => { const { x, y, width, height } = el.getBoundingClientRect(); return [x, y, width, height]; }"


class Finger:
    """One finger on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session = page.context.new_cdp_session(page)

    def _send(self, kind: str, at: float, x: float = 0, y: float = 0) -> None:
        touches = [] if kind == "touchEnd" or kind == "touchCancel" else [{"x": x, "y": y}]
        event: dict[str, Any] = {"type": kind, "touchPoints": touches, "timestamp": at}
        self._session.send("Input.dispatchTouchEvent", event)

    def go(
        self,
        part: Locator,
        dx: float,
        dy: float,
        *,
        at: tuple[float, float] = (0.5, 0.5),
        rest: float = 0,
        end: str = "touchEnd",
    ) -> None:
        """Press on a part, at a share of its width and height, rest some seconds, and go (dx, dy) pixels in 160 ms."""
        # In the middle of the screen there is room to scroll, and no bar of the frame lies over the part.
        part.evaluate("el => el.scrollIntoView({ block: 'center' })")
        left, top, width, height = part.evaluate(PLACE)
        x, y = left + at[0] * width, top + at[1] * height
        start = time.time()
        self._send("touchStart", start, x, y)
        for i in range(1, 17):
            self._send("touchMove", start + rest + i / 100, x + dx * i / 16, y + dy * i / 16)
        self._send(end, start + rest + 0.18)

    def tap(self, part: Locator, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Touch a part for a moment."""
        part.evaluate("el => el.scrollIntoView({ block: 'center' })")
        left, top, width, height = part.evaluate(PLACE)
        start = time.time()
        self._send("touchStart", start, left + at[0] * width, top + at[1] * height)
        self._send("touchEnd", start + 0.05)


def state(instrument: Locator) -> dict[str, str]:
    """What an instrument says of its state, and the address."""
    return instrument.evaluate("el => ({ ...el.dataset, address: location.search })")


def scrolls_only(finger: Finger, instrument: Locator, part: Locator, **where: Any) -> None:
    """A swipe up, or down at the end of the page, that begins on the part scrolls, and changes neither state nor address."""
    page = finger.page
    page.wait_for_timeout(600)  # what was changed before is in the address
    before = state(instrument)
    scrolled = "document.querySelector('.stMain').scrollTop + scrollY"
    part.evaluate("el => el.scrollIntoView({ block: 'center' })")
    start = page.evaluate(scrolled)
    room = page.evaluate(
        "(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(document.querySelector('.stMain'))"
    )
    finger.go(part, 3, -140 if room > 140 else 140, **where)
    page.wait_for_timeout(600)
    assert abs(page.evaluate(scrolled) - start) > 40, "the page does not scroll"
    assert state(instrument) == before
