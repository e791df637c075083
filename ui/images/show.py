"""Images on the page: as small PNGs, enlarged by the browser without smoothing."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st
from PIL import Image

from ui.widgets.show import is_dark

Picture = npt.NDArray[Any]

_STYLE = """<style>
.lab-gallery { display: flex; flex-wrap: wrap; gap: 0.6rem 0.7rem; }
.lab-gallery figure { margin: 0; width: 5.6rem; }
.lab-gallery img, .lab-strips img { image-rendering: pixelated; display: block; }
.lab-gallery img { width: 100%; border: 1px solid rgba(128, 128, 128, 0.35); border-radius: 3px; }
.lab-gallery figcaption { font-size: 0.8rem; line-height: 1.25; overflow-wrap: anywhere; }
.lab-strips { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 0.8rem; align-items: center; }
.lab-strips img { width: 100%; max-width: 46rem; }
.lab-strips .name { font-size: 0.88rem; max-width: 6rem; overflow-wrap: anywhere; }
</style>"""


def address(ink: Picture) -> str:
    """Return a picture (height, width) of ink between 0 and 1 as a data address: dark on light, or the reverse."""
    share = np.clip(np.nan_to_num(ink), 0.0, 1.0)
    paper, full = (27.0, 236.0) if is_dark() else (255.0, 20.0)
    grey = np.rint(paper + share * (full - paper)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def gallery(pictures: Sequence[Picture], captions: Sequence[str], alts: Sequence[str]) -> None:
    """Show pictures in rows. Captions are HTML: whoever passes a user's text escapes it; ``alts`` are plain text."""
    figures = "".join(
        f'<figure><img src="{address(picture)}" alt="{html.escape(alt)}"><figcaption>{caption}</figcaption></figure>'
        for picture, caption, alt in zip(pictures, captions, alts, strict=True)
    )
    st.html(f'{_STYLE}<div class="lab-gallery">{figures}</div>')


def strips(rows: Sequence[tuple[str, Picture, str]]) -> None:
    """Show one strip of images per row: its name (HTML), the images (n, height, width) of ink, a text for readers."""
    cells = "".join(
        f'<div class="name">{name}</div><img src="{address(_side_by_side(images))}" alt="{html.escape(alt)}">'
        for name, images, alt in rows
    )
    st.html(f'{_STYLE}<div class="lab-strips">{cells}</div>')


def _side_by_side(images: Picture) -> Picture:
    """Join images (n, h, w) to one picture with a pixel of paper between them."""
    count, height, width = images.shape
    sheet = np.zeros((height, count * (width + 1)))
    for i, image in enumerate(images):
        sheet[:, i * (width + 1) : i * (width + 1) + width] = image
    return sheet
