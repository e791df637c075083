"""A page on paper: the rules, what makes everything ready, and the foot with the settings, the address and its code.

``print.js`` does it at the moment of printing, because only then, and only in the browser, is it known what is printed.
"""

from pathlib import Path

import streamlit as st

from charts.style import class_ink, dark_to_light, labelled, rgb
from ui import escape
from ui.frame import present, sharing

_RULES = Path(__file__).with_name("print.css").read_text(encoding="utf-8")
SCRIPT = Path(__file__).with_name("print.js").read_text(encoding="utf-8")
"""Makes a page ready for paper, and as it was afterwards."""
_CLASSES = 10
# print.js fills it. The last part is the place of the QR code.
_FOOT = """<div class="lab-print" data-pair="{pair}" data-host="{host}" data-how="{how}">
<div><p class="lab-print-settings"></p><p class="lab-print-address"></p></div><div class="lab-print-code"></div>
</div>"""


def style() -> str:
    """Return the rules as an element that sleeps until print.js wakes it, with the inks of the dark theme turned into light ones.

    Awake it would have the browser look at every element of the page again for each change of a style.
    """
    # Plotly writes each colour into the style of what it draws.
    charts = (
        f'.lab-printing.lab-dark .js-plotly-plot [style*="{part}: rgb{rgb(dark)}"] {{ {part}: {light} !important; }}'
        for dark, light in dark_to_light().items()
        for part in ("fill", "stroke")
    )
    # Formulas have letters in the colour of a class.
    formulas = (
        f'.lab-printing.lab-dark .stMainBlockContainer :is([style*="color: rgb{rgb(class_ink(j, True))}"], [style*="color: rgb{rgb(class_ink(j, True))}"] *)'
        f" {{ color: {class_ink(j, False)} !important; }}"
        for j in range(_CLASSES)
    )
    rules = "\n".join((_RULES, *charts, *formulas))
    return f'<style class="lab-paper" media="not all">{rules}</style>'


def foot(host: str) -> None:
    """Show what stands at the foot of the paper, and nowhere on the screen; in a presentation with the list of its keys.

    ``host`` is how other computers reach the server, "" where they use the name that the reader uses.
    """
    foot = _FOOT.format(
        pair=labelled("{label}", "{value}"),
        host=escape.html(host),
        how=" ".join((*sharing.NO_STATE, present.LIST)),
    )
    st.html(foot + present.keys())
