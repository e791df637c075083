"""How often the places of a picture flash, by the definition of WCAG 2.3.1, with a clock of the test's own."""

import numpy as np
from playwright.sync_api import Locator

# Frames come when the test asks for them, however busy the machine is: __frames(hz, seconds, look) returns [time, look()] of each.
OWN_CLOCK = """() => {
  if (window.__frames) return;
  const waiting = new Map();
  let number = 1e6, clock = performance.now();
  window.requestAnimationFrame = (act) => { waiting.set(++number, act); return number; };
  window.cancelAnimationFrame = (asked) => { waiting.delete(asked); };
  performance.now = () => clock;
  window.__frames = (hz, seconds, look) => Array.from({ length: Math.round(hz * seconds) }, () => {
    clock += 1000 / hz;
    const due = [...waiting.values()];
    waiting.clear();
    for (const act of due) act(clock);
    return [clock, look()];
  });
}"""
# The mean relative luminance of 16 x 10 places, from a small copy of the canvas with 6 x 6 pixels for each.
LOOK = """(canvas, [hz, seconds]) => {
  const small = Object.assign(document.createElement("canvas"), { width: 96, height: 60 });
  const context = small.getContext("2d", { willReadFrequently: true });
  const linear = Float64Array.from({ length: 256 }, (_, i) => (i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4));
  return window.__frames(hz, seconds, () => {
    context.drawImage(canvas, 0, 0, 96, 60);
    const { data } = context.getImageData(0, 0, 96, 60);
    const places = new Array(160).fill(0);
    for (let i = 0; i < data.length; i += 4) {
      const light = 0.2126 * linear[data[i]] + 0.7152 * linear[data[i + 1]] + 0.0722 * linear[data[i + 2]];
      places[16 * Math.floor(i / 4 / 96 / 6) + Math.floor((i / 4 % 96) / 6)] += light / 36;
    }
    return places;
  });
}"""


def turns(times: np.ndarray, light: np.ndarray) -> list[float]:
    """When a place has become lighter or darker by 0.1 or more, the darker below 0.8, in turns."""
    way, low, high, found = 0, light[0], light[0], []
    for time, now in zip(times, light, strict=True):
        low, high = min(low, now), max(high, now)
        if way <= 0 and now - low >= 0.1 and low < 0.8:
            way, high = 1, now
        elif way >= 0 and high - now >= 0.1 and now < 0.8:
            way, low = -1, now
        else:
            continue
        found.append(time)
    return found


def most_flashes(canvas: Locator, hz: int, seconds: float = 3) -> float:
    """The most flashes, pairs of opposing changes, that any place of the canvas has within any second."""
    frames = canvas.evaluate(LOOK, [hz, seconds])
    times = np.array([time for time, _ in frames])
    within = [turns(times, place) for place in np.array([places for _, places in frames]).T]
    return max(
        (sum(start <= time < start + 1000 for time in found) / 2 for found in within for start in found),
        default=0,
    )
