"""How live the instruments are, measured in Chromium: ``python -m bench.live [board] [target] [stage] ... [--burners N]``.

Prints, for each case, distinct painted states a second (the median of the repeats), the frames of the browser in
the same time, the painted states as a share of the frames of a blank page right after, and the machine's load. A state counts when the instrument's data attributes differ
from those of the frame before. A drag is one pointer move in every frame, 60 a second where the browser keeps up,
made in the page: a mouse driven from another process on two busy cores sends two moves in one frame and none in the
next, which would measure the sender. tests/browser drags with the browser's own mouse and with a finger.
``--burners N`` keeps N processors busy meanwhile, as another program on a learner's machine does; the blank page meets them too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from server import Server

from bench.support.browser import launching
from bench.support.processes import burning

SECONDS = 3.0
PLAYED = 8.0  # the panels hear of a run that plays every few seconds
REPEATS = 3
WATCH = """([selector, name]) => {
  const root = window.labFind(selector);
  const seen = { last: root.dataset[name], changes: 0, frames: 0, on: true };
  const frame = (time) => {
    if (!seen.on) return;
    seen.frames += 1;
    const value = root.dataset[name];
    if (value !== seen.last) { seen.changes += 1; seen.last = value; }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.labSeen = seen;
}"""
FIND = """window.labFind = (selector) => {
  const search = (node) => {
    const hit = node.querySelector(selector);
    if (hit) return hit;
    for (const child of node.querySelectorAll("*")) if (child.shadowRoot) { const inner = search(child.shadowRoot); if (inner) return inner; }
    return null;
  };
  return search(document);
};"""
STOP = "() => { labSeen.on = false; return [labSeen.changes, labSeen.frames]; }"
# Not innerText, for which the browser would have to lay out the page at every change.
WATCH_PANEL = """(selector) => {
  const panel = document.querySelector(selector);
  window.labPanel = [];
  new MutationObserver(() => window.labPanel.push([performance.now(), panel.textContent]))
    .observe(panel, { subtree: true, childList: true, characterData: true });
}"""


DRAG = """([handle, down]) => {
  const track = labFind(handle);
  const box = track.getBoundingClientRect();
  track.setPointerCapture = () => {}; // there is no pointer behind these events to capture
  const send = (type, way) => track.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, button: 0, bubbles: true, composed: true,
    clientX: box.left + (down ? 10 : way), clientY: box.top + (down ? way : 10) }));
  // Beyond the end of its range a handle shows no other state: a white pixel is black after 160 px.
  const range = down ? 150 : Math.min(200, box.width - 50);
  let i = 0;
  window.labDrag = { on: true, moves: 0, released: 0 };
  send("pointerdown", 40);
  const move = () => {
    if (!labDrag.on) { send("pointerup", 40); labDrag.released = performance.now(); return; }
    const phase = (2 * ++i) % (2 * range);
    send("pointermove", 40 + (phase <= range ? phase : 2 * range - phase));
    labDrag.moves += 1;
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
}"""


async def board(page: Page, url: str, panel: str) -> dict[str, float]:
    """Drag one logit with a panel open; the curves move in the browser alone, so no text of theirs comes from Python."""
    address = f"{url}/softmax?softmax_panel={panel}&softmax_board_step=4"
    return await follow(page, address, "logit-board", "logits", ".track")


async def picture(page: Page, url: str, panel: str) -> dict[str, float]:
    """Drag the grey of one pixel, which is white at first, with a panel open."""
    address = f"{url}/linear_layer?linear_layer_panel={panel}&linear_layer_pad_x=1~1~0~0"
    return await follow(page, address, "grey-picture", "pixels", ".pixel", down=True)


async def target(page: Page, url: str, panel: str) -> dict[str, float]:
    """Drag a target share of the Loss page with a panel open."""
    return await follow(
        page, f"{url}/loss?loss_panel={panel}&loss_all=true", "loss-curve", "targets", ".axis .track"
    )


async def distributions(page: Page, url: str, panel: str) -> dict[str, float]:
    """Drag a share of the Information page with a panel open."""
    address = f"{url}/information?information_panel={panel}"
    return await follow(page, address, "distribution-board", "p", ".share-p .track")


async def follow(
    page: Page, address: str, instrument: str, name: str, handle: str, down: bool = False
) -> dict[str, float]:
    """Drag a handle across, or down; count painted states, panel updates, and the panel's delay at the end."""
    await page.goto(address)
    await page.wait_for_selector(f"[data-instrument={instrument}] {handle}")
    await page.wait_for_timeout(2500)
    await page.evaluate(FIND)
    await page.evaluate(WATCH, [f"[data-instrument={instrument}]", name])
    await page.evaluate(WATCH_PANEL, ".stMainBlockContainer")
    begin = await page.evaluate("performance.now()")
    await page.evaluate(DRAG, [handle, down])
    start = time.perf_counter()
    await page.wait_for_timeout(SECONDS * 1000)
    states, frames = await page.evaluate(STOP)
    took = time.perf_counter() - start
    await page.evaluate("() => { labDrag.on = false; }")
    await page.wait_for_timeout(1500)
    released = float(await page.evaluate("labDrag.released"))
    texts: list[tuple[float, str]] = []
    for when, text in await page.evaluate("window.labPanel"):
        if not texts or texts[-1][1] != text:
            texts.append((when, text))
    during = {round((t - begin) / 50) for t, _ in texts if begin <= t <= released}
    late = max((t - released for t, _ in texts), default=0.0)
    return {
        "painted/s": states / took, "frames/s": frames / took, "panel/s": len(during) / took, "panel late (ms)": max(late, 0.0),
    }  # fmt: skip


async def playback(
    page: Page,
    url: str,
    n: int,
    classes: int,
    features: str = "linear",
    lanes: int = 1,
    panel: str = "curves",
    units: int = 0,
) -> dict[str, float]:
    """Play at one step a frame with a panel open, alone, as a race of four, or with hidden units; count painted steps."""
    instrument = "training-stage" if lanes == 1 else "race-stage"
    asked: dict[str, object] = {
        "n": n, "classes": classes, "steps": 2000, "panel": panel, "stage_step": 0, "stage_speed": "frame"
    }  # fmt: skip
    if units:
        lesson, asked = "hidden_layer", asked | {"units": units, "data": "spirals"}
    else:
        lesson, asked = "training", asked | {"test": 0, "features": features, "race_speed": "frame"}
    if lanes > 1:
        asked |= {"mode": "race", "lanes": lanes}
    query = "&".join(f"{lesson}_{name}={value}" for name, value in asked.items())
    await page.goto(f"{url}/{lesson}?{query}")
    await page.wait_for_selector(f"[data-instrument={instrument}][data-step]")
    await page.wait_for_timeout(2500)
    await page.evaluate(FIND)
    await page.get_by_role("button", name="Play", exact=True).click()
    await page.wait_for_timeout(300)
    await page.evaluate(WATCH, [f"[data-instrument={instrument}]", "step"])
    start = time.perf_counter()
    await page.wait_for_timeout(PLAYED * 1000)
    steps, frames = await page.evaluate(STOP)
    took = time.perf_counter() - start
    await page.get_by_role("button", name="Pause", exact=True).click()
    return {"painted/s": steps / took, "frames/s": frames / took}


async def blank(browser: Browser) -> float:
    """Frames a second of a page with nothing on it, in a tab of its own: what the machine has to give just now."""
    page = await browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
    await page.goto("about:blank")
    await page.evaluate(FIND)
    await page.evaluate(WATCH, ["html", "step"])
    start = time.perf_counter()
    await page.wait_for_timeout(SECONDS * 1000)
    _, frames = await page.evaluate(STOP)
    took = time.perf_counter() - start
    await page.close()
    return float(frames / took)


EDITS = 15
WAIT_FOR_EDIT = """() => {
  const root = window.labFind("[data-instrument=training-stage]");
  window.labEdit = new Promise((done) => {
    root.addEventListener("pointerdown", (event) => {
      const begin = performance.now();
      const before = root.dataset.revision;
      const frame = () => (root.dataset.revision === before ? requestAnimationFrame(frame) : done(performance.now() - begin));
      requestAnimationFrame(frame);
    }, { once: true, capture: true });
  });
}"""


async def edit(page: Page, url: str, n: int, steps: int) -> dict[str, float]:
    """Add points one by one; from the press of the button to the frame that shows the regions learned with the point."""
    await page.goto(f"{url}/training?training_n={n}&training_steps={steps}&training_stage_step={steps}")
    await page.wait_for_selector("[data-instrument=training-stage][data-points]")
    await page.wait_for_timeout(2500)
    await page.evaluate(FIND)
    await page.get_by_role("button", name="Add points", exact=True).click()
    box = await page.locator("[data-instrument=training-stage] canvas.plane").bounding_box()
    assert box is not None
    times = []
    for i in range(EDITS):
        await page.evaluate(WAIT_FOR_EDIT)
        await page.mouse.click(box["x"] + box["width"] * (0.1 + 0.05 * i), box["y"] + 0.1 * box["height"])
        times.append(float(await page.evaluate("window.labEdit")))
        await page.wait_for_timeout(600)  # until the panels have followed
    return {"edit to regions (ms)": statistics.median(times), "slowest (ms)": max(times)}


async def main(wanted: list[str]) -> None:
    """Run every case, or those whose names begin with a wanted word, and print the table."""
    how = launching()
    server = Server(Path(tempfile.mkdtemp()) / "log.txt")
    cases = {
        "board, example": lambda page: board(page, server.url, "steps"),
        "board, Jacobian": lambda page: board(page, server.url, "jacobian"),
        "board, curves": lambda page: board(page, server.url, "curves"),
        "picture, minibatch": lambda page: picture(page, server.url, "batch"),
        "picture, boundaries": lambda page: picture(page, server.url, "boundary"),
        "target, derivation": lambda page: target(page, server.url, "steps"),
        "target, other losses": lambda page: target(page, server.url, "compare"),
        "distributions, entropy": lambda page: distributions(page, server.url, "entropy"),
        "distributions, Huffman code": lambda page: distributions(page, server.url, "code"),
        "stage, n=300, K=4": lambda page: playback(page, server.url, 300, 4),
        "stage, n=1000, K=10": lambda page: playback(page, server.url, 1000, 10),
        "stage, n=2000, K=10, cubic": lambda page: playback(page, server.url, 2000, 10, "cubic"),
        "stage, n=500, K=4, h=16": lambda page: playback(page, server.url, 500, 4, units=16),
        "stage, its own panel, h=16": lambda page: playback(
            page, server.url, 500, 4, panel="units", units=16
        ),
        "race, n=300, K=4": lambda page: playback(page, server.url, 300, 4, lanes=4),
        "race, n=2000, K=10, cubic": lambda page: playback(page, server.url, 2000, 10, "cubic", 4),
        "edit, n=300, 500 steps": lambda page: edit(page, server.url, 300, 500),
    }
    print(
        f"load before: {os.getloadavg()}, cores: {os.cpu_count()}, {SECONDS:.0f} s a case, median of {REPEATS}"
    )
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**how)
            print(f"Chromium {browser.version}")
            for name, case in cases.items():
                if wanted and not any(name.startswith(word) for word in wanted):
                    continue
                results = []
                for _ in range(REPEATS):
                    page = await browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
                    results.append(await case(page))
                    await page.close()
                    if "painted/s" in results[-1]:
                        results[-1]["of a blank page"] = results[-1]["painted/s"] / await blank(browser)
                medians = {key: statistics.median(r[key] for r in results) for key in results[0]}
                print(
                    f"{name:28}" + "".join(f"  {key} {value:7.2f}" for key, value in medians.items()),
                    flush=True,
                )
            await browser.close()
    finally:
        server.stop()
    print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How live the instruments are, measured in Chromium.")
    parser.add_argument("case", nargs="*", help="beginnings of the names of cases; all without any")
    parser.add_argument(
        "--burners", type=int, default=0, help="processes that do nothing but keep a processor busy"
    )
    arguments = parser.parse_args()
    with burning(arguments.burners):
        asyncio.run(main(arguments.case))
