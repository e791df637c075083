"""Somebody who presses everything: mouse, fingers and keys on a page in random order, and what goes wrong meanwhile.

`python -m bench.monkey` lets it loose on every page; test_monkey.py on some of them for a few seconds.
"""

import random
import re
import time
from collections import deque
from contextlib import suppress
from urllib.parse import urlsplit

from axe import lines, violations
from conftest import watch
from playwright.sync_api import Error, Page, TimeoutError

LONGEST_FREEZE = 1.0
"""Seconds in which no frame comes and the page computes: where it waits for a busy machine, that is not its fault."""
SIZES = ((1280, 800), (390, 844))
AXE_EVERY = 80
"""Actions from one look with axe-core to the next."""
LOOK_EVERY = 5

KEYS = (
    *("Tab",) * 6, "Shift+Tab", "Shift+Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Shift+ArrowRight",
    "Enter", "Enter", "Escape", "Space", "Space", "Home", "End", "PageUp", "PageDown", "Backspace", "Delete", "?",
    *"abcdefghijklmnopqrstuvwxyz0123456789-.,+",
)  # fmt: skip
TEXTS = (
    "1e308", "-0", "nan", "1,5", "𝒙", "<b>cat</b>", "{x}", "$\\frac{1}{0}$", "cat, dog; bird", "W" * 400,
    "a long line of words " * 40, "0.1\n0.2\n0.3",
)  # fmt: skip

# A frame that comes later than that is noted with the long task that kept it, until somebody asks.
WATCH = """() => {
  if (window.labFrames) return;
  const frames = window.labFrames = { gap: 0, task: 0, last: performance.now(), paused: false };
  const step = (now) => {
    now = performance.now();
    if (!frames.paused) frames.gap = Math.max(frames.gap, now - frames.last);
    frames.last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!frames.paused) frames.task = Math.max(frames.task, entry.duration);
  }).observe({ type: "longtask" });
}"""
FRAMES = """() => {
  const frames = window.labFrames;
  if (!frames) return [0, 0];
  const { gap, task } = frames;
  frames.gap = frames.task = 0;
  return [gap / 1000, task / 1000];
}"""
PAUSE = "(on) => { if (window.labFrames) Object.assign(window.labFrames, { paused: on, last: performance.now(), gap: 0, task: 0 }); }"
RESUME = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  if (window.labFrames) Object.assign(window.labFrames, { paused: false, last: performance.now(), gap: 0, task: 0 });
  done();
})))"""

# One thing that can be pressed or dragged, by two random numbers: mostly of instruments, brought into sight.
TARGET = """([group, chance]) => {
  const wanted = "button, input, select, textarea, summary, label, canvas, svg, [tabindex], [role=slider], [role=radio], [role=tab], [role=option], [role=button], .js-plotly-plot";
  const inside = [], around = [], links = [];
  const walk = (root, instrument) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) walk(node.shadowRoot, true);
      const link = node.localName === "a";
      if (!link && !node.matches(wanted)) continue;
      const box = node.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !node.checkVisibility({ visibilityProperty: true })) continue;
      if (link && (node.target === "_blank" || node.origin !== location.origin)) continue;
      (link ? links : instrument ? inside : around).push(node);
    }
  };
  walk(document, false);
  const dialog = document.querySelector("[role=dialog]");
  const list = group < 0.6 ? inside : group < 0.97 ? around : links;
  const some = dialog && group < 0.8 ? around.filter((node) => dialog.contains(node)) : list;
  const node = (some.length ? some : around)[Math.floor(chance * (some.length ? some : around).length)];
  if (!node) return null;
  const seen = node.getBoundingClientRect();
  if (seen.top < 0 || seen.bottom > innerHeight) node.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = node.getBoundingClientRect();
  const name = node.getAttribute("aria-label") || node.title || node.textContent.trim().slice(0, 30) || node.className?.baseVal || node.className || "";
  return { x, y, width, height, name: `${node.localName} "${name}"` };
}"""

SIDEWAYS = """() => {
  const wide = [document.documentElement, document.querySelector(".stMain")].filter((part) => part && part.scrollWidth > part.clientWidth);
  if (!wide.length) return "";
  const found = [];
  const keyOf = (node) => node?.closest("[class*=st-key-]")?.className.match(/st-key-(\\S+)/)[1] ?? (node ? keyOf(node.getRootNode().host) : "");
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) walk(node.shadowRoot);
      const box = node.getBoundingClientRect();
      if (box.right > innerWidth + 1 && box.width) found.push(`${node.localName}.${node.className?.baseVal ?? node.className} in ${keyOf(node)} to ${Math.round(box.right)}`);
    }
  };
  walk(document);
  return `${wide[0].scrollWidth} > ${wide[0].clientWidth}: ${found.slice(0, 4).join("; ")}`;
}"""

# What Streamlit, or the browser, says in the console whatever we do.
KNOWN = (
    "net::ERR_FAILED",  # what leads out of the machine is not followed here
    "net::ERR_BLOCKED_BY_CLIENT",
    "[Violation]",
    "Cannot send rerun backMessage",  # a hand on the page while the line to the server is cut
)


class Monkey:
    """Acts on one page, and notes each kind of fault once, with what it had just done."""

    def __init__(self, page: Page, seed: int, longest_freeze: float = LONGEST_FREEZE) -> None:
        self.page = page
        self.random = random.Random(seed)
        self.faults: dict[str, str] = {}
        self.actions = 0
        self.longest = 0.0
        self._longest_freeze = longest_freeze
        self._done: deque[str] = deque(maxlen=10)
        self._troubles: list[str] = []
        self._where = ""
        self._home = ""
        self._touch = page.context.new_cdp_session(page)
        self._touch.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._used = 0.0
        watch(page, self._troubles)
        page.on("crash", lambda: self._fault("the page crashed"))
        page.on("popup", lambda other: other.close())
        page.context.route(
            lambda url: urlsplit(url).hostname not in ("127.0.0.1", "localhost"), lambda route: route.abort()
        )

    def visit(self, address: str, seconds: float, axe: bool = True) -> None:
        """Open a page and act on it for some seconds."""
        self._home = address
        self._where = urlsplit(address).path.strip("/") or "home"
        self._open()
        self.play(seconds, axe)

    def play(self, seconds: float, axe: bool = True) -> None:
        """Act on the page that is open for some seconds, then look at it at rest."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._act()
            self.actions += 1
            if self.actions % LOOK_EVERY == 0:
                self.look(axe and self.actions % AXE_EVERY == 0)
        self._at_rest()
        self.look(axe)

    def _open(self) -> None:
        for attempt in range(4):
            try:
                self.page.goto(self._home)
                break
            except Error as error:  # what a key or a click began may come in between
                if ("interrupted" not in str(error) and "ERR_ABORTED" not in str(error)) or attempt == 3:
                    raise
                with suppress(Error):
                    self.page.wait_for_load_state(timeout=10_000)
        self.page.locator("html.lab-ready").wait_for(state="attached", timeout=60_000)
        self._at_rest()
        self.page.evaluate(WATCH)
        self.page.evaluate(RESUME)

    def _at_rest(self) -> None:
        """Wait until nothing changes; an animation may go on, but not a script."""
        try:
            self.page.wait_for_function(
                "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
                timeout=20_000,
            )
        except TimeoutError:
            self._fault("the script runs for more than 20 s")

    def _fault(self, what: str) -> None:
        kind = re.sub(r"\d+", "#", what[:110])
        if kind not in self.faults:
            self.faults[kind] = f"{self._where}: {what}\n      after {' | '.join(self._done)}"

    def look(self, axe: bool = False) -> None:
        """Note what is wrong now."""
        try:
            self._look(axe)
        except Error as error:  # the page is being loaded anew
            if not _is_leaving(error):
                raise
            self._done.append("(left the page)")
            self._open()

    def _look(self, axe: bool) -> None:
        page = self.page
        if urlsplit(page.url).path.strip("/") != urlsplit(self._home).path.strip("/"):
            self._done.append("(put back)")
            self._open()
        page.evaluate(WATCH)  # it may have been loaded anew
        gap, task = page.evaluate(FRAMES)
        self.longest = max(self.longest, gap)
        used = self._computed()
        if min(gap, used) > self._longest_freeze:
            self._fault(
                f"no frame for {gap:.1f} s, the longest task of it {task:.1f} s, {used:.1f} s computed"
            )
        for trouble in self._troubles:
            if not any(known in trouble for known in KNOWN):
                self._fault(trouble)
        self._troubles.clear()
        if sideways := page.evaluate(SIDEWAYS):
            page.wait_for_timeout(400)  # what folds by its own width does so a moment after the window
            if sideways := page.evaluate(SIDEWAYS):
                self._fault(f"sideways: {sideways} at {page.url}")
        for said in page.locator("[data-testid=stException]").all_inner_texts():
            self._fault(f"exception on the page: {said}")
        if axe:
            page.evaluate(PAUSE, True)
            self._at_rest()
            quiet_enough(page)
            for line in lines(violations(page)):
                if "obscured" not in line:  # what sticks to an edge lies over what is scrolled below it
                    self._fault(f"axe: {line}")
            page.evaluate(RESUME)

    def _computed(self) -> float:
        """Return the processor time of the page's own thread since the last call, in seconds."""
        metrics = {one["name"]: one["value"] for one in self._touch.send("Performance.getMetrics")["metrics"]}
        before, self._used = self._used, float(metrics["TaskDuration"])
        return self._used - before if self._used >= before else self._used

    def _act(self) -> None:
        chance = self.random.random()
        try:
            if chance < 0.4:
                self._mouse()
            elif chance < 0.6:
                self._fingers()
            elif chance < 0.97:
                self._keys()
            else:
                width, height = self.random.choice(SIZES)
                self._done.append(f"window {width}")
                self.page.set_viewport_size({"width": width, "height": height})
        except Error as error:
            if not _is_leaving(error):
                raise
            self._done.append("(left the page)")
            self._open()

    def _target(self) -> tuple[float, float, str] | None:
        """A point on something that can be pressed."""
        found = self.page.evaluate(TARGET, [self.random.random(), self.random.random()])
        if found is None:
            return None
        x = found["x"] + found["width"] * self.random.uniform(0.1, 0.9)
        y = found["y"] + found["height"] * self.random.uniform(0.1, 0.9)
        size = self.page.viewport_size or {"width": 1280, "height": 800}
        return min(max(x, 1), size["width"] - 2), min(max(y, 1), size["height"] - 2), found["name"]

    def _away(self) -> tuple[float, float]:
        return self.random.uniform(-250, 250), self.random.uniform(-200, 200)

    def _mouse(self) -> None:
        target = self._target()
        if target is None:
            return
        x, y, name = target
        mouse = self.page.mouse
        kind = self.random.choice(("click", "click", "click", "double", "drag", "drag", "wheel", "move"))
        self._done.append(f"{kind} {name}")
        mouse.move(x, y)
        if kind == "click":
            mouse.click(x, y)
        elif kind == "double":
            mouse.dblclick(x, y)
        elif kind == "drag":
            dx, dy = self._away()
            mouse.down()
            for step in range(1, 9):
                mouse.move(x + dx * step / 8, y + dy * step / 8)
            if self.random.random() < 0.2:
                self.page.keyboard.press("Escape")
            mouse.up()
        elif kind == "wheel":
            mouse.wheel(self.random.choice((0, 0, 80)), self.random.choice((-400, -100, 100, 400)))

    def _fingers(self) -> None:
        first, second = self._target(), self._target()
        if first is None or second is None:
            return
        if self.random.random() < 0.5:  # both on one thing, as a pinch
            second = (first[0] + 40, first[1] + 30, first[2])
        points = [list(first[:2]), list(second[:2])][: self.random.choice((1, 1, 2, 2, 2))]
        self._done.append(f"{len(points)} fingers {first[2]} {second[2] if len(points) == 2 else ''}")
        size = self.page.viewport_size or {"width": 1280, "height": 800}

        def touch(kind: str) -> None:
            touches = [
                {"x": min(max(x, 0), size["width"] - 1), "y": min(max(y, 0), size["height"] - 1), "id": k}
                for k, (x, y) in enumerate(points)
            ]
            self._touch.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [] if kind in ("touchEnd", "touchCancel") else touches},
            )

        touch("touchStart")
        if self.random.random() < 0.7:
            ways = [self._away() for _ in points]
            for _ in range(6):
                for point, (dx, dy) in zip(points, ways, strict=True):
                    point[0] += dx / 6
                    point[1] += dy / 6
                touch("touchMove")
        touch(self.random.choice(("touchEnd", "touchEnd", "touchEnd", "touchCancel")))

    def _keys(self) -> None:
        kind = self.random.random()
        if kind < 0.3 and (target := self._target()):  # where the keys go
            self._done.append(f"click {target[2]}")
            self.page.mouse.click(*target[:2])
        if kind > 0.9:
            text = self.random.choice(TEXTS)
            self._done.append(f"types {text[:12]!r}")
            self.page.keyboard.insert_text(text)
            return
        keys = self.random.choices(KEYS, k=self.random.randint(1, 6))
        self._done.append(f"keys {' '.join(keys)}")
        for key in keys:
            self.page.keyboard.press(key)


def _is_leaving(error: Error) -> bool:
    return any(words in str(error) for words in ("navigat", "context was destroyed", "Inspected target"))


def quiet_enough(page: Page) -> None:
    """Wait until the page rests for a moment; a run that plays never does, and is looked at as it is."""
    page.evaluate("""() => new Promise((done) => setTimeout(done, 300))""")
