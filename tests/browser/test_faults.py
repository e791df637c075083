"""What a learner sees when something breaks: the line is cut, the server dies in the middle of a run or has no time, a page is open twice.

No `page` of the other tests: the browser may say in its console that it has lost its server.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from lesson import open_lesson
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from server import Server, free_port
from test_logit_board import EVERYTHING, check_numbers, handle, logits, python_has
from test_training_stage import opened, stage
from waits import painted, query, query_has, quiet

from tests.browser import failing as failing_app

LOST = "No connection to the server"
CUT = 20  # seconds
MESSAGE = b"\x82"  # how a message of a browser begins, after its connection has become a WebSocket
# A key in the very moment in which the connection is there again, each time.
PRESS_ON_RETURN = """(slider) => {
  const app = document.querySelector(".stApp");
  window.labPressed = 0;
  new MutationObserver(() => {
    if (app.dataset.testConnectionState !== "CONNECTED") return;
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, composed: true }));
    window.labPressed += 1;
  }).observe(app, { attributeFilter: ["data-test-connection-state"] });
}"""


class Line:
    """Carries what a browser and a server say to each other, until it is cut."""

    def __init__(self, server: Server) -> None:
        self._to = server.port
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._ends: list[socket.socket] = []
        self._is_about_to_break = False
        self.mend()

    def mend(self) -> None:
        """Listen, at the same address each time."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._take, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """End everything that is under way, and let nobody in."""
        ends, self._ends = [self._listener, *self._ends], []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut_after_next_message(self) -> None:
        """Carry one more message of the browser, then cut: the server begins to answer, and nobody hears it."""
        self._is_about_to_break = True

    def _take(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(
                        target=self._carry, args=[source, sink, source is near], daemon=True
                    ).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_browser: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(2**16):
                sink.sendall(data)
                if self._is_about_to_break and is_browser and data.startswith(MESSAGE):
                    self._is_about_to_break = False
                    self.cut()
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of one reader, whose tabs may complain of the server but meet no error of ours."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    yield context
    context.close()
    assert not troubles, "\n".join(troubles)


def lost(page: Page) -> Locator:
    return page.locator(".lab-lost")


def test_a_line_that_is_cut_leaves_the_instrument_in_the_hand(server: Server, reader: BrowserContext) -> None:
    line = Line(server)
    page = reader.new_page()
    instrument = open_lesson(page, f"{line.url}/softmax{EVERYTHING}", "logit-board", "logits")
    quiet(page, 200)
    box = handle(page, 1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    # The line is cut while a bar is in the hand: it moves on, also when Streamlit has noticed and would cover the page.
    with page.expect_console_message(lambda message: "Streamlit server is not responding" in message.text):
        line.cut()
        cut = time.monotonic()
        page.mouse.move(box["x"] + 40, box["y"] + 5, steps=5)
    before = logits(instrument)[1]
    expect(lost(page)).to_contain_text(LOST)
    page.mouse.move(box["x"] + 90, box["y"] + 5, steps=5)
    expect(instrument).not_to_have_attribute("data-logits", f"2,{before:g},0.1")
    page.mouse.up()
    quiet(page, 200)
    moved = instrument.get_attribute("data-logits") or ""
    # Keys go on as well, and a control of Streamlit's can be pressed; the address follows the board.
    handle(page, 1).press("ArrowLeft")
    expect(instrument).not_to_have_attribute("data-logits", moved)
    expect(handle(page, 1)).to_be_focused()
    final = logits(instrument)
    query_has(page, {"softmax_board_z": "~".join(f"{z:g}" for z in final)})
    expect(page.get_by_role("dialog")).to_have_count(0)
    # For so long that Streamlit has asked for the server again and again, with longer and longer waits.
    page.wait_for_timeout(1000 * max(0.0, CUT - (time.monotonic() - cut)))
    expect(lost(page)).to_contain_text(LOST)
    # With the line everything arrives, without another touch; also what is pressed in that moment, and when the line is cut
    # again while the server answers.
    handle(page, 1).evaluate(PRESS_ON_RETURN)
    line.cut_after_next_message()
    line.mend()
    page.wait_for_function("() => labPressed === 1")
    expect(page.locator(".stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    handle(page, 1).press("ArrowLeft")
    line.mend()
    page.wait_for_function("() => labPressed === 2")
    final[1] = round(final[1] - 0.3, 10)
    expect(lost(page)).to_have_text("")
    python_has(page, 1, final[1])
    assert logits(instrument) == final
    # The panel is still the one that was chosen, also for the next message.
    handle(page, 1).press("ArrowLeft")
    python_has(page, 1, round(final[1] - 0.1, 10))
    query_has(page, {"softmax_panel": "log"})
    line.cut()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[list[Server]]:
    """A server that the test may kill, and those that follow it at its address."""
    servers = [Server(tmp_path / "log0.txt")]
    yield servers
    servers[-1].stop()
    assert not "".join(server.complaints() for server in servers)


def test_a_server_dies_while_a_run_plays(
    mortal: list[Server], reader: BrowserContext, tmp_path: Path
) -> None:
    (server,) = mortal
    page = reader.new_page()
    open_lesson(
        page, f"{server.url}/training?training_data=moons&training_panel=settings&training_stage_step=0&lang=zh",
        "training-stage", "step",
    )  # fmt: skip
    quiet(page, 200)
    rate = page.get_by_role("slider", name="学习率")
    page.locator("[data-instrument=training-stage] .key.play").click()
    server.kill()
    # The run goes on to its end, and the learner reads in his language what has happened.
    expect(stage(page)).to_have_attribute("data-step", "300")
    expect(lost(page)).to_contain_text("与服务器的连接断开了")
    expect(page.get_by_role("dialog")).to_have_count(0)
    loss = stage(page).get_attribute("data-loss") or ""
    rate.press("ArrowRight")
    expect(rate).to_have_attribute("aria-valuetext", "0.2")
    # Another one at the same address: the same data, step and setting, and the setting that was chosen meanwhile.
    # It is busy at first, so the stage has gone until the run is there.
    mortal.append(Server(tmp_path / "log1.txt", port=server.port, module="bench.support.late"))
    expect(lost(page)).to_have_text("")
    query_has(page, {"training_data": "moons", "training_rate": "0.2", "training_stage_step": "300"})
    expect(stage(page)).not_to_have_attribute("data-loss", loss)
    expect(stage(page)).to_have_attribute("data-step", "300")
    expect(rate).to_have_attribute("aria-valuetext", "0.2")


@pytest.fixture
def busy(mortal: list[Server]) -> Iterator[Server]:
    """A server on one core, on which two other programs do nothing but compute."""
    server = mortal[0]
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _other in range(2)]
    try:
        if hasattr(os, "sched_setaffinity"):  # on Linux; elsewhere they keep all the cores busy
            for pid in (server.pid, *(other.pid for other in others)):
                os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})
        yield server
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_a_server_on_a_core_at_full_load_is_late_and_the_hand_is_not(
    busy: Server, reader: BrowserContext
) -> None:
    page = reader.new_page()
    instrument = open_lesson(page, f"{busy.url}/softmax{EVERYTHING}", "logit-board", "logits")
    quiet(page, 200)
    box, axis = handle(page, 1).bounding_box(), instrument.locator(".row .track").nth(1).bounding_box()
    assert box is not None
    assert axis is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    seen = []
    for x in range(5, 60, 5):
        page.mouse.move(box["x"] + box["width"] / 2 + x, box["y"] + 5)
        painted(page)
        # The board is of this very move, whatever Python has heard of it.
        check_numbers(instrument)
        seen.append(logits(instrument)[1])
    page.mouse.up()
    np.testing.assert_allclose(np.diff(seen), 5 * 20 / axis["width"], atol=0.06)
    # The last one arrives, and no answer to an older one puts the board back.
    python_has(page, 1, seen[-1])
    quiet(page, 200)
    assert logits(instrument)[1] == seen[-1]


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Server]:
    """A server of an app with faults in it."""
    server = Server(tmp_path / "failing.txt", module=failing_app.__name__)
    yield server
    server.stop()


def test_what_fails_says_so_in_the_readers_language(failing: Server, reader: BrowserContext) -> None:
    page = reader.new_page()
    for lang, said, link in (
        ("en", "Something went wrong here", "open it with the standard settings"),
        ("zh", "这里出错了", "用默认设置打开本页"),
    ):
        # A whole page, before it has been seen.
        page.goto(f"{failing.url}/glossary?lang={lang}")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(said)
        expect(alert.get_by_role("link", name=link)).to_have_attribute("href", "./glossary")
        # A part of a page: the rest is there, and the address has what the reader chose.
        page.goto(f"{failing.url}/loss?loss_panel=likelihood&loss_board_z=1~2~3&lang={lang}")
        expect(alert).to_contain_text(said)
        board = page.locator("[data-instrument=loss-curve]")
        board.locator(".logit .handle").nth(1).press("ArrowLeft")
        query_has(page, {"loss_panel": "likelihood", "loss_board_z": "1~1.9~3"})
        assert logits(board) == [1, 1.9, 3]
        words = page.locator("body").inner_text()
        assert not [one for one in ("Streamlit", "encountered an error", failing_app.SECRET) if one in words]
    assert failing_app.SECRET in failing.log.read_text(), "the developers need it"


def test_two_tabs_of_one_browser(server: Server, reader: BrowserContext) -> None:
    """Each has its own points and its own setting, and after a reload it still has; the browser keeps both tables."""
    tabs = {6: reader.new_page(), 8: reader.new_page()}
    for count, page in tabs.items():
        opened(page, server, "training_panel=settings&training_steps=20")
        page.get_by_role("radio", name="Own data").click()
        rows = [f"{k},{k * k % 5},{'ab'[k % 2]}" for k in range(count)]
        page.locator("input[type=file]").set_input_files(
            {"name": "own.csv", "mimeType": "text/csv", "buffer": "\n".join(["x,y,kind", *rows, ""]).encode()}
        )
        expect(stage(page)).to_have_attribute("data-points", str(count))
    rate = tabs[6].get_by_role("slider", name="Learning rate")
    rate.press("ArrowRight")
    query_has(tabs[6], {"training_rate": "0.2"})
    for page in tabs.values():
        page.wait_for_function(
            "() => new URLSearchParams(location.search).get('training_own')?.startsWith('kept.')"
        )
    names = {query(page)["training_own"] for page in tabs.values()}
    assert len(names) == 2
    kept = "(names) => names.every((name) => localStorage.getItem(`softmax-lab:kept:training_own:${name}`))"
    tabs[6].wait_for_function(kept, arg=list(names))
    # One is loaded again; in the other all of the page falls, as after an error of Streamlit's, and stands up by itself.
    tabs[6].reload()
    with tabs[8].expect_navigation():
        tabs[8].evaluate("() => document.getElementById('root').replaceChildren()")
    for count, page in tabs.items():
        expect(stage(page)).to_have_attribute("data-points", str(count))
        value = "0.2" if count == 6 else "0.1"
        expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", value)
