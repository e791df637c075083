"""Many learners at one server, in one thread: each says what a browser would say, and waits as a hand would."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from bench.support.session import SUBPROTOCOL, Run, Talk, stream

DRAG, REST = 2.0, 2.0
"""Seconds that a hand drags, and rests after it, on average: half as much to half as much again, or all hands would soon move in step."""
PAUSE, SOON, LATE_TIMES, LONGEST_REST = 0.1, 0.1, 3, 3.0
"""Seconds from one message of a drag to the next, until an answer is late, how many times as long a hand then rests, and at most: instruments/shared/messages.js."""
POLL = 0.25
"""As a page asks whether a long run is there: ui/widgets/waiting.py."""
STOPS = ("training_stop", "text_stop", "text_trials_stop")  # one is there while a run is not
LONGEST_ANSWER = 60.0
BOARDS = ("softmax", "loss", "information", "linear_layer", "text")
PANELS = {
    "training": ("challenges", "settings", "curves", "diagnostics", "landscape"),
    "hidden_layer": ("challenges", "settings", "units", "story", "curves"),
}
WORDS = ("good", "but", "not", "so", "lovely", "or", "awful")
SHARES = {"hand": 0.6, "settings": 0.2, "playing": 0.1, "pages": 0.1}


@dataclass
class Tally:
    """What was measured: seconds by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


class Learner:
    """One learner at a websocket.

    Parameters
    ----------
    tally
        Where times and errors go; they count from ``tally`` being there, so give another one after the warm-up.
    plain
        Whether the app has no lessons: every message then is a plain rerun, at the same moments.
    """

    def __init__(self, url: str, tally: Tally, number: int, plain: bool = False) -> None:
        self.url, self.tally, self.plain = url, tally, plain
        self.random = random.Random(number)
        self.talk = Talk()
        self._socket: ClientConnection | None = None

    async def open(self, page: str = "", query: str = "") -> Run:
        """Open a page over a new connection."""
        self.talk = Talk("" if self.plain else page, query)
        self._socket = await connect(
            stream(self.url), subprotocols=[SUBPROTOCOL], max_size=None, origin=self.url, compression=None,
            open_timeout=LONGEST_ANSWER, ping_interval=None, proxy=None,
        )  # type: ignore[arg-type,list-item]  # fmt: skip
        run = await self._answer(self.talk.rerun())
        await self._wait_for_run()
        return run

    async def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def ask(
        self, kind: str, message: Callable[[], bytes], after: asyncio.Task[float] | None = None
    ) -> float:
        """Send a message, wait until the script has finished, and for a run that is announced; return the seconds.

        Where an answer is still under way it is waited for as well: ``after`` is who hears it.
        """
        begin = time.perf_counter()
        for stop in STOPS:
            self.talk.widgets.pop(stop, None)  # whoever still shows it draws it again
        asked = self.talk.rerun() if self.plain else message()
        if after is None or after.done():
            await self._answer(asked)
        else:
            begun = self.talk.begun
            await self._say(asked)
            await after
            if self.talk.begun == begun:  # else the run that was asked for before was left out for this one
                await self._hear()
        await self._wait_for_run()
        seconds = time.perf_counter() - begin
        self.tally.seconds[kind].append(seconds)
        return seconds

    async def _wait_for_run(self) -> None:
        while stop := stop_of(self.talk):
            await asyncio.sleep(POLL)
            await self._answer(self.talk.rerun(self.talk.widgets.pop(stop).fragment))

    async def _answer(self, message: bytes) -> Run:
        await self._say(message)
        return await self._hear()

    async def _say(self, message: bytes) -> None:
        assert self._socket is not None
        await self._socket.send(message)

    async def _hear(self) -> Run:
        assert self._socket is not None
        async with asyncio.timeout(LONGEST_ANSWER):
            while True:
                heard = await self._socket.recv()
                run = self.talk.hear(heard if isinstance(heard, bytes) else heard.encode())
                if run is not None:
                    self.tally.errors.update(run.exceptions)
                    return run

    # --- what learners do, each until it is cancelled

    async def hand(self) -> None:
        """Drag on a board, or type, and rest: one message under way at a time, and one more at once when the hand lets go."""
        page = self.random.choice(BOARDS)
        await self.open(page)
        board, state = "", {"values": [0.0, 0.0]}
        if not self.plain:
            await self._choose_panel(page)
            board = next(key for key in self.talk.widgets if is_board(self.talk, key))
            data = self.talk.data(board)
            state = data["state"] | {"revision": data["revision"]}
        moves = 0

        def moved(resting: bool) -> bytes:
            return self.talk.send(board, state={**moved_on(state, moves), "resting": resting})

        while True:
            end, under_way = time.perf_counter() + DRAG * self.random.uniform(0.5, 1.5), None
            while time.perf_counter() < end:
                moves += 1
                under_way = asyncio.create_task(self.ask("drag", lambda: moved(resting=False)))
                try:
                    await asyncio.wait({under_way}, timeout=end - time.perf_counter())
                except asyncio.CancelledError:
                    under_way.cancel()
                    raise
                if not under_way.done():
                    break
                took = under_way.result()
                pause = max(PAUSE - took, min(LATE_TIMES * (took - SOON), LONGEST_REST))
                await asyncio.sleep(max(0.0, min(pause, end - time.perf_counter())))
            moves += 1
            await self.ask("release", lambda: moved(resting=True), under_way)
            await asyncio.sleep(REST * self.random.uniform(0.5, 1.5))

    async def settings(self) -> None:
        """Change the learning rate of a run on points that nobody else has, every two to six seconds."""
        page = self.random.choice(tuple(PANELS))
        seed, panel = self.random.randrange(10_000), self.random.choice(PANELS[page])
        await self.open(page, f"{page}_seed={seed}&{page}_panel={panel}")
        key, changes = f"{page}_rate_live", self.random.randrange(100)
        stops = [] if self.plain else self.talk.data(key)["stops"]
        while True:
            await asyncio.sleep(self.random.uniform(2, 6))
            changes += 1
            state = {"value": stops[7 * changes % len(stops)] if stops else 0, "number": changes}
            await self.ask("setting", partial(self.talk.send, key, state=state))

    async def playing(self) -> None:
        """Let a run play beside its curves: the stage says where it is every 2 to 8 seconds."""
        page, seed = self.random.choice(tuple(PANELS)), self.random.randrange(10_000)
        await self.open(page, f"{page}_seed={seed}&{page}_panel=curves")
        step = 0
        while True:
            await asyncio.sleep(self.random.uniform(2, 8))
            step = (step + 37) % 500
            await self.ask("playing", partial(self.talk.send, f"{page}_stage", state={"step": step}))

    async def pages(self) -> None:
        """Go from page to page, every three to seven seconds."""
        await self.open()
        names = ("", *BOARDS, *PANELS, "images", "practice", "glossary", "slips")
        while True:
            await asyncio.sleep(self.random.uniform(3, 7))
            await self.ask("page", lambda: self.talk.go(self.random.choice(names)))

    async def _choose_panel(self, page: str) -> None:
        key = f"{page}_panel"
        if key in self.talk.widgets:
            options = self.talk.widgets[key].element.button_group.options
            content = self.random.choice([option.content for option in options])
            await self._answer(self.talk.choose(key, [content]))
        await self._wait_for_run()


async def arrive(learner: Learner) -> None:
    """Open the app as a browser with an empty cache: the page, its scripts and styles, then the first page's script."""
    begin = time.perf_counter()
    host = urlsplit(learner.url).netloc
    reader, writer = await asyncio.open_connection(*host.split(":"))

    async def get(path: str) -> bytes:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.I)
        if length is None or b" 200 " not in head.split(b"\r\n")[0]:
            raise ValueError(f"{path}: {head!r}")
        return await reader.readexactly(int(length[1]))

    page = await get("/")
    text = (gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page).decode()
    for path in re.findall(r'(?:src|href)="\.?(/[^"]+\.(?:js|css))"', text):
        await get(path)
    writer.close()
    await learner.open()
    learner.tally.seconds["arrival"].append(time.perf_counter() - begin)


def crowd(learners: list[Learner]) -> list[Coroutine[Any, Any, None]]:
    """Return what each learner does, in the shares of `SHARES`."""
    acts = []
    for i, learner in enumerate(learners):
        place, total = (i + 0.5) / len(learners), 0.0
        for kind, share in SHARES.items():
            total += share
            if place < total:
                acts.append(getattr(learner, kind)())
                break
    return acts


async def watched(learner: Learner, act: Coroutine[Any, Any, None], delay: float) -> None:
    """Let a learner act after a delay; what goes wrong is counted."""
    try:
        await asyncio.sleep(delay)
        await act
    except asyncio.CancelledError:
        act.close()
        raise
    except Exception as error:
        learner.tally.errors[f"{type(error).__name__}: {error}"[:120]] += 1


def stop_of(talk: Talk) -> str:
    """Return the key of the button that is there while a run is not; "" without one."""
    return next((key for key in STOPS if key in talk.widgets), "")


def is_board(talk: Talk, key: str) -> bool:
    """Whether a widget is an instrument on which a hand moves a row of numbers, or types a sentence."""
    if talk.widgets[key].element.WhichOneof("type") != "bidi_component":
        return False
    state = talk.data(key).get("state")
    return _row(state) is not None or _is_sentence(state)


def moved_on(state: dict[str, Any], i: int) -> dict[str, Any]:
    """Return a board's state after the hand has moved on: a little from one number to the next or by a word, nothing twice in a row."""
    if _is_sentence(state):
        return {**state, "text": f"{state['text']} {WORDS[i % len(WORDS)]}", "out": []}
    name = _row(state) or ""
    first, second, *rest = state[name]
    return {**state, name: [first - 0.01 * (i % 7), second + 0.01 * (i % 7), *rest]}


def _is_sentence(state: Any) -> bool:
    return isinstance(state, dict) and "text" in state


def _row(state: Any) -> str | None:
    """Return the name of the first row of numbers in the state of a board, None where it is none."""
    for name, value in state.items() if isinstance(state, dict) else ():
        if isinstance(value, list) and len(value) > 1 and isinstance(value[0], int | float):
            return str(name)
    return None
