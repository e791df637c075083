"""Takes the pictures of the README from an app that runs: ``python tools/readme_pictures.py http://localhost:8501``."""

import io
import sys
from pathlib import Path

import find_browser
from PIL import Image
from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
STATES = {
    "softmax": "softmax?lang=en&softmax_challenge_open=nine_tenths&softmax_board_step=3",
    "training": "training?lang=en&training_stage_step=60",
}


def main(app: str) -> None:
    """Save each state as a PNG of 1280 x 800 with 256 colours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser.installed(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US", color_scheme="light")
        for name, state in STATES.items():
            page.goto(f"{app.rstrip('/')}/{state}")
            page.wait_for_selector("html.lab-ready", state="attached")
            page.wait_for_selector("[data-instrument=challenges]")
            page.wait_for_timeout(1000)  # pictures that move have come to rest
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
