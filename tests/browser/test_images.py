"""The Images page in Chromium: train, draw, scrub, look at mistakes; numbers are softmax_core's."""

import gzip
import json
import re
from html import unescape
from itertools import islice
from urllib.parse import unquote

import numpy as np
import pytest
from lesson import fits_the_screen, load_module, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import painted, query, query_has

from instruments.pixel_pad import pack_strokes, unpack_strokes
from instruments.shared.bundle import bundle
from softmax_core.functional import softmax
from softmax_core.images import digits
from softmax_core.images.strokes import SMALLEST_EXTENT, draw, pad_format
from softmax_core.optimizers import Momentum
from softmax_core.training import Epoch, EpochConfig, first_epoch, train_epochs

ZERO = [(0.5 + 0.22 * np.sin(t), 0.5 - 0.36 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 30)]


def pad(page: Page) -> Locator:
    return page.locator("[data-instrument=pixel-pad]")


def templates(page: Page) -> Locator:
    return page.locator("[data-instrument=weight-templates]")


def opened(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/images{query}")
    shown = (pad(page), "data-probabilities") if "panel=" not in query else (templates(page), "data-epoch")
    expect(shown[0]).to_have_attribute(shown[1], re.compile("."))
    expect(page.locator("[data-instrument=challenges]")).to_be_visible()


def was_trained(page: Page, count: int) -> None:
    """Wait until the epochs have been trained and played to the last."""
    expect(templates(page)).to_have_attribute("data-epochs", str(count), timeout=60_000)
    expect(templates(page)).to_have_attribute("data-epoch", str(count))
    expect(templates(page)).to_have_attribute("data-playing", "false")
    expect(pad(page)).to_have_attribute("data-model", re.compile(f"-{count}$"))
    expect(pad(page)).to_have_attribute("data-trained", "true")
    expect(page.get_by_role("button", name=re.compile("more epochs?$"))).to_be_visible()


def by_mouse(page: Page, points: list) -> None:
    box = pad(page).locator("canvas.paper").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def at_once(page: Page, points: list) -> None:
    """A stroke too long for a mouse that takes a while from place to place: the same events, without the way to the page."""
    script = """(paper, points) => {
      const box = paper.getBoundingClientRect();
      const send = (type, [x, y]) => paper.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1, button: 0, buttons: type === "pointerup" ? 0 : 1, isPrimary: true,
        clientX: box.x + x * box.width, clientY: box.y + y * box.height }));
      // Only a real pointer can be captured.
      Object.assign(paper, { setPointerCapture() {}, hasPointerCapture: () => true });
      send("pointerdown", points[0]);
      points.slice(1).forEach((point) => send("pointermove", point));
      send("pointerup", points.at(-1));
      delete paper.setPointerCapture;
      delete paper.hasPointerCapture;
    }"""
    pad(page).locator("canvas.paper").evaluate(script, points)


def expected(count: int = 20) -> list[Epoch]:
    """What the page's standard settings give on the digits."""
    data = digits()
    start = first_epoch(data.train, data.test, 10)
    return list(
        islice(train_epochs(data.train, data.test, EpochConfig(Momentum(0.1, 0.9), 256), start), count)
    )


def test_the_browser_draws_strokes_as_python_does(page: Page) -> None:
    load_module(page, bundle("pixel_pad/strokes.js"), "drawStrokes")
    rng = np.random.default_rng(3)
    drawings = [
        [],
        [[]],
        [[(0.2, 0.9)]],
        [[(0.5, 0.5), (0.5, 0.5)]],
        [[(0.0, 0.0), (1.0, 1.0)], [(1.0, 0.0)]],
        [ZERO],
    ]
    drawings += [
        [rng.random((int(rng.integers(1, 9)), 2)).round(4).tolist() for _ in range(int(rng.integers(1, 4)))]
        for _ in range(40)
    ]
    for form in (pad_format(28, 28), pad_format(8, 8), pad_format(20, 32)):
        js_form = {
            "height": form.height,
            "width": form.width,
            "box": form.box,
            "radius": form.radius,
            "byMass": form.by_mass,
            "smallest": SMALLEST_EXTENT,
        }
        for centred in (True, False):
            images = page.evaluate(
                "([drawings, form, centred]) => drawings.map((d) => Array.from(lab.drawStrokes(d, form, centred)))",
                [drawings, js_form, centred],
            )
            for drawing, image in zip(drawings, images, strict=True):
                np.testing.assert_allclose(image, draw(drawing, form, centred).ravel(), atol=1e-9)


def test_the_browser_packs_drawings_as_python_does(page: Page) -> None:
    load_module(page, bundle("pixel_pad/packing.js"), "packStrokes, unpackStrokes, simplified")
    rng = np.random.default_rng(5)
    drawings = [[]] + [
        [rng.random((int(rng.integers(1, 30)), 2)).tolist() for _ in range(int(rng.integers(1, 5)))]
        for _ in range(20)
    ]
    texts = page.evaluate("(drawings) => drawings.map(lab.packStrokes)", drawings)
    assert texts == [pack_strokes(drawing) for drawing in drawings]
    back = page.evaluate("(texts) => texts.map(lab.unpackStrokes)", texts)
    assert back == [[[list(point) for point in stroke] for stroke in unpack_strokes(text)] for text in texts]
    line = [[i / 100, i / 200] for i in range(50)]
    assert page.evaluate("(stroke) => lab.simplified(stroke, 0.003)", line) == [line[0], line[-1]]
    corner = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.9]]
    assert page.evaluate("(stroke) => lab.simplified(stroke, 0.003)", corner) == corner


def test_a_digit_stands_on_the_pad_on_arrival_and_its_template_and_bar_light_each_other(
    page: Page, server: Server
) -> None:
    opened(page, server.url)
    expect(templates(page)).to_have_attribute("data-epoch", "20")
    last = expected()[-1]
    z = draw(json.loads(pad(page).get_attribute("data-strokes")), pad_format(8, 8)).ravel() @ last.W + last.b
    np.testing.assert_allclose(row(pad(page), "logits"), z, atol=2e-3)
    expect(pad(page)).to_have_attribute("data-winner", "3")
    templates(page).locator("figure").nth(7).hover()
    expect(pad(page).locator(".class.lit")).to_have_attribute("aria-label", re.compile("^7: "))
    pad(page).locator(".class").nth(2).hover()
    expect(templates(page).locator("figure.lit")).to_have_text("2")
    page.mouse.move(5, 5)
    expect(templates(page).locator("figure.lit")).to_have_count(0)
    draws_by_mouse_and_asks_why(page)
    draws_by_keys(page)


def draws_by_mouse_and_asks_why(page: Page) -> None:
    by_mouse(page, ZERO)  # the first stroke replaces the example
    expect(pad(page)).to_have_attribute("data-winner", "0")
    assert len(json.loads(pad(page).get_attribute("data-strokes"))) == 1
    one = pad(page).get_attribute("data-logits")
    by_mouse(page, [(0.2, 0.2), (0.8, 0.8)])
    expect(pad(page)).not_to_have_attribute("data-logits", one)
    pad(page).get_by_role("button", name="Undo").click()
    expect(pad(page)).to_have_attribute("data-logits", one)
    pad(page).get_by_role("button", name=re.compile("^7: probability")).click()
    expect(pad(page)).to_have_attribute("data-subject", "7")
    expect(pad(page).get_by_text("why 7: pixel × weight")).to_be_visible()
    pad(page).get_by_role("checkbox").click()
    expect(pad(page)).to_have_attribute("data-centred", "false")
    expect(pad(page)).not_to_have_attribute("data-logits", one)
    pad(page).get_by_role("button", name="Clear").click()
    expect(pad(page)).to_have_attribute("data-strokes", "[]")
    expect(pad(page).get_by_role("button", name="Clear")).to_be_disabled()


def draws_by_keys(page: Page) -> None:
    paper = pad(page).locator("canvas.paper")
    paper.focus()
    paper.press("ArrowRight")
    expect(pad(page)).to_have_attribute("data-strokes", "[]")  # the keys move, and draw when they are told to
    paper.press("Space")
    for _ in range(3):
        paper.press("ArrowDown")
    paper.press("Space")
    paper.press("ArrowLeft")
    x = 0.5 + 1 / 8
    expect(pad(page)).to_have_attribute(
        "data-strokes", json.dumps([[[x, 0.25], [x, 0.375], [x, 0.5], [x, 0.625]]], separators=(",", ":"))
    )
    paper.press("Enter")
    expect(pad(page)).to_have_attribute("data-strokes", re.compile(r"\]\],\[\["))
    paper.press("Backspace")
    expect(pad(page)).not_to_have_attribute("data-strokes", re.compile(r"\]\],\[\["))
    paper.press("Delete")
    expect(pad(page)).to_have_attribute("data-strokes", "[]")


def test_the_means_stand_as_a_ghost_until_one_trains_draws_and_reads_the_answer(
    page: Page, server: Server
) -> None:
    opened(page, server.url, "?images_run=0&images_challenge_open=better")  # this one hides no panel
    expect(templates(page)).to_have_attribute("data-ghost", "true")
    assert pad(page).get_attribute("data-trained") == "false"
    np.testing.assert_allclose(row(pad(page), "probabilities"), 0.1)
    shades = "(canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, 8, 8).data.filter((_, i) => i % 4 === 0)).size"
    assert templates(page).locator("canvas").nth(1).evaluate(shades) > 5
    page.get_by_role("button", name="Train 20 epochs").click()
    expect(templates(page)).to_have_attribute("data-playing", "true")  # they are seen to appear
    was_trained(page, 20)
    expect(templates(page)).to_have_attribute("data-ghost", "false")
    by_mouse(page, ZERO)
    expect(pad(page)).to_have_attribute("data-winner", "0")
    last = expected()[-1]
    strokes = json.loads(pad(page).get_attribute("data-strokes"))
    assert len(strokes) == 1
    assert len(strokes[0]) > 10
    z = draw(strokes, pad_format(8, 8)).ravel() @ last.W + last.b
    np.testing.assert_allclose(row(pad(page), "logits"), z, atol=2e-3)
    np.testing.assert_allclose(row(pad(page), "probabilities"), softmax(z), atol=1e-3)
    np.testing.assert_allclose(softmax(row(pad(page), "logits")), row(pad(page), "probabilities"), rtol=1e-9)
    page.get_by_role(
        "radio", name="Loss and accuracy"
    ).click()  # nothing is locked: its question was passed over
    expect(page.get_by_text(f"{100 * last.test_accuracy:.1f} %").first).to_be_visible()
    # A click on a cell of the mistakes shows its images.
    page.get_by_role("radio", name="Mistakes").click()
    expect(page.get_by_text(re.compile(r"mistakes, the surest first"))).to_be_visible()
    chart = page.locator(".st-key-images_confusion .nsewdrag").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 2.5 / 10, box["y"] + box["height"] * 2.5 / 10)
    expect(page.get_by_text(re.compile(r"images, the surest first"))).to_be_visible()
    query_has(page, {"images_true": "2", "images_guess": "2"})
    page.mouse.click(box["x"] + box["width"] * 2.5 / 10, box["y"] + box["height"] * 2.5 / 10)
    expect(page.get_by_text(re.compile(r"mistakes, the surest first"))).to_be_visible()


def test_drawing_with_a_finger(new_page, server: Server) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    opened(page, server.url)
    paper = pad(page).locator("canvas.paper")
    paper.evaluate("node => node.scrollIntoView({ block: 'center' })")  # the card lies at the lower edge
    box = paper.bounding_box()
    session = page.context.new_cdp_session(page)
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ZERO]
    before = page.evaluate("scrollY")
    for kind, place in [
        ("touchStart", points[0]),
        *(("touchMove", p) for p in points[1:]),
        ("touchEnd", None),
    ]:
        touches = [] if place is None else [{"x": place[0], "y": place[1]}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
    expect(pad(page)).to_have_attribute("data-winner", "0")
    strokes = json.loads(pad(page).get_attribute("data-strokes"))
    assert len(strokes) == 1
    assert len(strokes[0]) > 10
    assert page.evaluate("scrollY") == before, "the finger draws, it does not scroll"
    fits_the_screen(page)


def test_scrubbing_takes_templates_and_pad_back_and_a_reload_and_another_page_keep_it_all(
    page: Page, server: Server
) -> None:
    opened(
        page,
        server.url,
        "?images_epochs=6&images_challenge_open=draw&images_pad_centred=true",
    )
    expect(templates(page)).to_have_attribute("data-epochs", "6")
    run = expected(6)
    assert float(templates(page).get_attribute("data-limit")) == pytest.approx(
        max(np.abs(e.W).max() for e in run), rel=1e-3
    )
    templates(page).get_by_role("slider").press("Home")
    expect(templates(page)).to_have_attribute("data-epoch", "0")
    expect(pad(page)).to_have_attribute("data-trained", "false")
    templates(page).get_by_role("button", name="Step forward").click()
    expect(templates(page)).to_have_attribute("data-epoch", "1")
    expect(page.get_by_text(f"{100 * run[0].test_accuracy:.1f} %").first).to_be_visible()
    expect(pad(page)).to_have_attribute("data-model", re.compile("-1$"))
    by_mouse(page, ZERO)
    strokes = json.loads(pad(page).get_attribute("data-strokes"))
    z = draw(strokes, pad_format(8, 8)).ravel() @ run[0].W + run[0].b
    np.testing.assert_allclose(row(pad(page), "logits"), z, atol=2e-3)
    drawing = pad(page).get_attribute("data-drawing")
    query_has(page, {"images_epoch": "1", "images_pad_drawing": drawing})
    page.reload()
    expect(templates(page)).to_have_attribute("data-epoch", "1")
    # Until then: the newest epoch of a training under way.
    expect(pad(page)).to_have_attribute("data-model", re.compile("-1$"))
    np.testing.assert_allclose(row(pad(page), "logits"), z, atol=2e-3)
    templates(page).get_by_role("button", name="Play").click()
    expect(templates(page)).to_have_attribute("data-epoch", "6")
    expect(templates(page)).to_have_attribute("data-playing", "false")
    page.get_by_role("button", name="6 more epochs").click()
    expect(templates(page)).to_have_attribute("data-epochs", "12")
    query_has(page, {"images_run": "momentum_0.1_0.9_256_0_0_12"})
    page.reload()
    expect(templates(page)).to_have_attribute("data-epochs", "12")
    page.get_by_role("link", name="Softmax", exact=True).first.click()
    expect(page.locator("[data-instrument=logit-board]")).to_be_visible()
    page.get_by_role("link", name="Images", exact=True).first.click()
    expect(templates(page)).to_have_attribute("data-epochs", "12")
    expect(pad(page)).to_have_attribute("data-drawing", drawing)


def test_a_drawing_too_long_for_the_link_is_kept_in_the_browser(page: Page, server: Server) -> None:
    opened(page, server.url)
    at_once(page, np.random.default_rng(0).uniform(0.02, 0.98, (700, 2)).tolist())
    painted(page)
    drawing = pad(page).get_attribute("data-drawing") or ""
    assert len(drawing) > 1500
    named = "() => new URLSearchParams(location.search).get('images_pad_drawing')?.startsWith('kept.')"
    page.wait_for_function(named)
    address = page.url
    # Share offers a file, which leads there.
    page.get_by_role("button", name="Share").click()
    file = page.get_by_role("dialog").get_by_role("link", name="Save as a file")
    expect(file).to_have_attribute("download", "softmax-lab-images.html")
    (link,) = re.findall('<a href="([^"]*)">', unquote(file.get_attribute("href") or ""))
    page.keyboard.press("Escape")
    pad(page).get_by_role("button", name="Clear").click()
    query_has(page, {"images_pad_drawing": "0"})
    # Another one is kept beside it, as of another tab: each address has its own.
    at_once(page, np.random.default_rng(1).uniform(0.02, 0.98, (700, 2)).tolist())
    page.wait_for_function(named)
    other = pad(page).get_attribute("data-drawing") or ""
    names = query(page)["images_pad_drawing"], page.url
    page.goto(address)
    expect(pad(page)).to_have_attribute("data-drawing", drawing)
    page.goto(names[1])
    expect(pad(page)).to_have_attribute("data-drawing", other)
    page.goto(unescape(link))
    expect(pad(page)).to_have_attribute("data-drawing", drawing)
    page.wait_for_function(named)  # what a link has brought is kept too
    assert query(page)["images_pad_drawing"] != names[0]


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def as_upload(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_own_files_and_files_that_do_not_fit(page: Page, server: Server) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (40, 12, 12)), np.arange(40) % 4
    opened(page, server.url, "?images_data=own")
    field = page.locator("input[type=file]")
    field.set_input_files([as_upload("images", gzip.compress(idx(images)))])
    expect(page.get_by_text("There are images but no labels for them.")).to_be_visible()
    assert pad(page).get_attribute("data-height") == "8"
    field.set_input_files([as_upload("labels", idx(labels))])
    expect(
        page.get_by_text("32 images to train on, 8 held back for testing, 12 × 12 pixels.")
    ).to_be_visible()
    expect(pad(page)).to_have_attribute("data-height", "12")
    assert len(row(pad(page), "logits")) == 4
    field.set_input_files([as_upload("cut", idx(images)[:-1])])
    expect(
        page.get_by_text("The file is cut off: the dimensions 40 × 12 × 12 need 5760 bytes, received 5759.")
    ).to_be_visible()
    expect(pad(page)).to_have_attribute("data-height", "12")


@pytest.fixture
def large_server(tmp_path, monkeypatch):
    """A server that finds a made-up MNIST on which an epoch takes a while."""
    rng = np.random.default_rng(0)
    (tmp_path / "mnist").mkdir()
    for name, n in (("train", 40_000), ("t10k", 500)):
        (tmp_path / "mnist" / f"{name}-images-idx3-ubyte").write_bytes(
            idx(rng.integers(0, 256, (n, 28, 28), dtype=np.uint8))
        )
        (tmp_path / "mnist" / f"{name}-labels-idx1-ubyte").write_bytes(idx(rng.integers(0, 10, n)))
    monkeypatch.setenv("SOFTMAX_LAB_DATA", str(tmp_path))
    server = Server(tmp_path / "log.txt")
    yield server
    server.stop()
    assert not server.complaints()


def test_stop_keeps_the_epochs_and_offers_to_go_on(page: Page, large_server: Server) -> None:
    opened(page, large_server.url, "?images_data=mnist&images_epochs=40&images_batch=32&images_rate=0.001")
    expect(page.get_by_text("40,000 images to train on, 500 to test on, 28 × 28 pixels.")).to_be_visible()
    page.get_by_role("button", name="Train 40 epochs").click()
    expect(page.get_by_text(re.compile(r"epoch \d+ of 40 · \d+ s left"))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    again = page.get_by_role("button", name=re.compile(r"^Continue: \d+ epochs left"))
    expect(again).to_be_visible()
    done = 40 - int(re.search(r"\d+", again.inner_text().split(":")[1]).group())
    assert 1 <= done < 40
    expect(templates(page)).to_have_attribute("data-epochs", str(done))
    page.get_by_role("button", name="Weights to 0").click()
    expect(templates(page)).to_have_attribute("data-epochs", "0")
