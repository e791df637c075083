"""What a page moves: bench.loading prints it, test_frame.py limits it."""

from typing import Any

from playwright.sync_api import Page


class Traffic:
    """The bytes that arrive at a page: files as they travel, and the messages of the socket."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", self._frame)

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        self._add(
            len(frame["payloadData"]) * (3 / 4 if frame["opcode"] == 2 else 1)
        )  # binary comes as base64

    def _add(self, count: float) -> None:
        self.bytes += int(count)
