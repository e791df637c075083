"""The dialog of Share by keys, its QR code as a camera sees it, and a page inside another one."""

import io
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
import zxingcpp
from lesson import open_lesson
from PIL import Image
from playwright.sync_api import Page, expect
from waits import query_has, quiet

FRAME = """<h1>A page of a teacher</h1><iframe width="640" height="480" src="{}" title="lab"></iframe><script>
window.heights = [];
addEventListener("message", ({{ data, source }}) => {{
  if (data?.type !== "softmax-lab:height") return;
  heights.push(data);
  for (const frame of document.querySelectorAll("iframe")) if (frame.contentWindow === source) frame.height = data.height;
}});
</script>"""


def _query(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def _read(page: Page) -> list[str]:
    """What a camera reads that looks at the screen a little askew."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L").rotate(4, expand=True, fillcolor=90)
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_share_by_keys_gives_the_link_to_the_step_on_the_stage(server, new_page) -> None:
    page = new_page(color_scheme="dark")
    stage = open_lesson(
        page,
        f"{server.url}/training?training_rate=2&training_stage_speed=10&training_stage_step=3",
        "training-stage",
        "step",
    )
    stage.get_by_role("button", name="Play").click()
    expect(stage).to_have_attribute("data-playing", "true")
    opener = page.get_by_role("button", name="Share")
    opener.press("Enter")
    dialog = page.get_by_role("dialog", name="Share what you see")
    expect(dialog).to_be_visible()
    expect(stage).to_have_attribute("data-playing", "false")
    step = stage.get_attribute("data-step")
    link = dialog.get_by_role("textbox", name="Link")
    wanted = {"v": "1", "training_rate": "2", "training_stage_speed": "10", "training_stage_step": step}
    expect(link).to_have_value(re.compile(f"training_stage_step={step}$"))
    assert _query(link.input_value()) == wanted

    code = dialog.get_by_role("img", name="QR code of the link")
    assert min(code.bounding_box()["width"], code.bounding_box()["height"]) >= 400
    assert _read(page) == [link.input_value()]

    # All of it by keys: the choices, the copy, and the way back.
    dialog.get_by_role("combobox", name="Language").press("ArrowDown")
    expect(link).to_have_value(re.compile("v=1&lang=en&"))
    dialog.get_by_role("combobox", name="Theme").press("End")
    expect(link).to_have_value(re.compile("embed_options=dark_theme$"))
    dialog.get_by_role("checkbox", name=f"At step {step}").press("Space")
    expect(link).not_to_have_value(re.compile("step"))
    dialog.get_by_role("checkbox", name=f"At step {step}").press("Space")
    expect(link).to_have_value(re.compile("step"))
    expect(dialog).to_contain_text("opens on this computer only")
    dialog.get_by_role("button", name="Copy").press("Enter")
    expect(dialog.get_by_text("Copied.")).to_be_visible()
    dialog.get_by_role("radio", name="Frame for a web page").press("Space")
    expect(dialog.get_by_role("textbox", name="Frame")).to_have_value(re.compile("^<iframe .*embed=true"))
    expect(code).to_be_hidden()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    page.evaluate("document.body.prepend(document.createElement('textarea'))")
    page.locator("body > textarea").press("Control+v")
    shared = page.locator("body > textarea").input_value()
    assert _query(shared) == wanted | {"lang": "en", "embed_options": "dark_theme"}

    page.goto(shared)
    expect(stage).to_have_attribute("data-step", step)
    expect(page.locator(".lab-notes")).to_have_count(0)
    query_has(page, {"training_stage_step": step, "training_rate": "2"})
    quiet(page)
    assert "v" not in _query(page.url), "the address goes on as the present version writes it"


# A browser that gives nothing to keep to the page of another site in a frame.
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.fixture
def another_site() -> Iterator[Callable[[str], str]]:
    """Serves one page; returns its address, which is of another site than that of the app."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as site:

        def serve(html: str) -> str:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.end_headers()
                    self.wfile.write(html.encode())

                def log_message(self, *_what: object) -> None:
                    pass

            site.RequestHandlerClass = Handler
            return f"http://localhost:{site.server_port}/"

        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield serve
        site.shutdown()


def test_an_embedded_page_is_its_instrument_and_tells_its_height(server, new_page, another_site) -> None:
    page = new_page()
    page.add_init_script(NO_STORAGE)
    address = f"{server.url}/loss?v=1&loss_panel=labels&loss_board_z=1~0~-1&lang=en&embed=true"
    page.goto(another_site(FRAME.format(address.replace("&", "&amp;"))))
    inside = page.frame_locator("iframe")
    expect(inside.locator("[data-instrument=loss-curve]")).to_be_visible()
    whole = inside.get_by_role("link", name="Open the whole page")
    expect(whole).to_be_visible()
    for gone in (
        "h1",
        ".st-key-lab_language",
        ".st-key-lab_card",
        ".st-key-loss_panel",
        "header a",
        "[data-testid=stSkipToContent]",
        "[data-testid=stExpander]",
    ):
        expect(inside.locator(gone).locator("visible=true")).to_have_count(0)
    expect(inside.locator(".st-key-lab_panel")).to_contain_text("one-hot", ignore_case=True)
    # The frame takes the height that is told, nothing else is told, and it comes to rest.
    page.wait_for_function(
        "() => heights.length && document.querySelector('iframe').height == heights.at(-1).height"
    )
    frame = page.frames[-1]
    quiet(frame)
    told = page.evaluate("heights")
    assert all(set(message) == {"type", "height"} for message in told)
    assert len(told) < 8
    assert frame.evaluate(
        "(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [scrollHeight - clientHeight, scrollWidth - clientWidth])(document.querySelector('.stMain'))"
    ) == [0, 0]
    # Nothing below the instrument stays empty, and no open question covers anything.
    board, panel = (inside.locator(f".st-key-lab_{part}").bounding_box() for part in ("instrument", "panel"))
    assert panel["y"] - board["y"] - board["height"] < 40
    expect(inside.locator("[data-instrument=loss-curve]")).not_to_have_class(re.compile("covered"))
    # A link of the page opens beside it, whole.
    with page.context.expect_page() as popup:
        inside.get_by_role("link", name="Class numbers").click()
    expect(popup.value.get_by_role("heading", level=1, name="Common textbook errors")).to_be_visible()
    popup.value.close()
    # The link leads to the state of the moment.
    inside.get_by_role("button", name="Reset").click()
    quiet(frame)
    whole.focus()
    expect(whole).to_have_attribute("target", "_blank")
    address = urlsplit(whole.get_attribute("href") or "")
    assert (address.path, _query(address.geturl())) == ("/loss", {"loss_panel": "labels", "lang": "en"})
    # Where the browser keeps nothing the app promises nothing.
    page.goto(server.url)
    told = page.locator("[data-instrument=forgetting]")
    expect(told).to_contain_text("This browser lets the page keep nothing")
    expect(told.get_by_role("button")).to_have_count(0)
