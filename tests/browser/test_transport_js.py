"""The playhead of a run that plays: as many steps as its speed says, each in the frame that is nearest to its time."""

from itertools import pairwise

import pytest
from lesson import module_page
from playwright.sync_api import Browser

from instruments.shared.bundle import bundle

PLAYED = """([rate, times]) => {
  const frames = [];
  let step = 0;
  const { requestAnimationFrame, performance } = window;
  window.requestAnimationFrame = (act) => frames.push(act);
  Object.defineProperty(window, "performance", { value: { now: () => 0 }, configurable: true });
  const transport = lab.createTransport({
    goTo: (to) => { step = to; }, step: () => step, steps: () => 100000, speed: () => ({ steps: rate, per: "second" }), changed: () => {},
  });
  transport.play();
  const seen = times.map((time) => { frames.shift()(time); return step; });
  window.requestAnimationFrame = requestAnimationFrame;
  Object.defineProperty(window, "performance", { value: performance, configurable: true });
  return seen;
}"""


@pytest.mark.parametrize("rate", [1, 10, 60, 300, 1500])
@pytest.mark.parametrize("frames_a_second", [60, 144])
def test_a_run_plays_at_its_speed(browser: Browser, rate: int, frames_a_second: int) -> None:
    with module_page(browser, bundle("training_stage/transport.js"), "createTransport") as page:
        times = [1000 * i / frames_a_second for i in range(1, 10 * frames_a_second + 1)]
        seen = page.evaluate(PLAYED, [rate, times])
        for time, step in zip(times, seen, strict=True):
            assert abs(step - rate * time / 1000) <= 1
        assert seen[-1] == 10 * rate


def test_one_step_a_frame_is_one_in_every_frame_however_the_clock_counts(browser: Browser) -> None:
    with module_page(browser, bundle("training_stage/transport.js"), "createTransport") as page:
        # Frames of 16.7 and 16.6 milliseconds, as Chromium counts them, and a little to and fro.
        times = [round(1000 * i / 60 + (0.4, 0, -0.4)[i % 3], 1) for i in range(1, 601)]
        seen = page.evaluate(PLAYED, [60, times])
        assert {after - before for before, after in pairwise([0, *seen])} == {1}
