"""A run as one HTML file that plays anywhere: the stage itself, with its own script and numbers, and nothing to load."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from string import Template
from typing import Any

import numpy as np

from instruments.shared.bundle import bundle, stylesheet

MOST_BYTES = 1_500_000  # of the numbers of a film; a longer run is thinned to every nth step

_CURVES = ("loss", "accuracy", "test_loss", "test_accuracy")

_PAGE = Template("""<!doctype html>
<html lang="$lang">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --st-font: system-ui, sans-serif; --st-text-color: #1d2530; --st-background-color: #fdfcf9;
  --st-secondary-background-color: #f3f0e8; --st-primary-color: #0b6b63; }
@media (prefers-color-scheme: dark) {
  :root { --st-text-color: #e6e9ee; --st-background-color: #141b26; --st-secondary-background-color: #1e2735; --st-primary-color: #5cc8bb; }
}
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--st-background-color); color: var(--st-text-color);
  font: 1rem/1.4 var(--st-font); }
$style
.film :is(.palette, .hand, .picture) { display: none; }
.film .deck { grid-template-columns: minmax(0, 1fr); }
</style>
<body>
<h1>$title</h1>
<p>$caption</p>
<main class="film"></main>
<script type="application/json" id="film">$data</script>
<script>(() => {
$script
const data = JSON.parse(document.getElementById("film").textContent);
mount({ data, parentElement: document.querySelector("main"), setStateValue() {} });
})();</script>
</body>
</html>
""")


def film_html(data: Mapping[str, Any], *, title: str, caption: str, lang: str) -> str:
    """Return HTML that plays the run without any request; names and texts are data, whatever they hold.

    Parameters
    ----------
    data
        From `instruments.training_stage.StageData`.
    title, caption
        What stands above the stage.
    lang
        The language of the texts.
    """
    thinned = dict(data) | {"run": thinner(data["run"])}
    return _PAGE.substitute(
        lang=html.escape(lang),
        title=html.escape(title),
        caption=html.escape(caption),
        style=stylesheet("training_stage/style.css"),
        script=bundle("training_stage/index.js").replace("export default ", ""),
        data=json.dumps(thinned, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"),
    )


def thinner(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return a packed run of at most `MOST_BYTES`: every nth step, and the number n as ``stride``."""
    weights = [value for layer in run["layers"] for value in layer.values() if isinstance(value, str)]
    size = sum(map(len, weights)) + sum(len(run[name] or "") for name in _CURVES)
    stride = min(-(-size // MOST_BYTES), max(run["steps"], 1))
    if stride == 1:
        return dict(run)
    rows = run["steps"] + 1
    layers = [{name: _every(value, rows, stride) for name, value in layer.items()} for layer in run["layers"]]
    curves = {name: _every(run[name], rows, stride) for name in _CURVES}
    return dict(run) | curves | {"layers": layers} | {"steps": (rows - 1) // stride, "stride": stride}


def _every(text: Any, rows: int, stride: int) -> Any:
    """Return every nth of ``rows`` rows of packed numbers; what is no text stays as it is."""
    if not isinstance(text, str):
        return text
    table = np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(rows, -1)
    return base64.b64encode(table[::stride].tobytes()).decode()
