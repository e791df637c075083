"""Panels of the Training page in Chromium: what they show is softmax_core's, and what is taken away works elsewhere."""

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from lesson import choose, fits_the_screen
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from test_training_stage import opened, stage
from waits import PICTURES, query_has

from softmax_core.datasets import DataSpec, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.optimum.minimise import optimum_of
from softmax_core.training import TrainConfig, Trajectory, train


def default_points():
    train_part, _ = split(make(DataSpec("blobs", n=300, n_classes=3, noise=1.2)), 0.2, seed=0)
    return train_part


def plain(value: object) -> object:
    """Plotly's packed arrays as lists."""
    if isinstance(value, dict) and "bdata" in value:
        raw = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(size) for size in str(value.get("shape", raw.size)).split(",")]
        return raw.reshape(shape).tolist()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def traces(page: Page, key: str) -> list[dict]:
    """What Plotly holds of the chart with a key, once it has been drawn."""
    drawn = page.wait_for_function(
        """key => document.querySelector(`.st-key-${key} .js-plotly-plot`)?.data?.map(trace =>
             JSON.parse(JSON.stringify(trace, (name, value) => ArrayBuffer.isView(value) ? Array.from(value) : value)))""",
        arg=key,
    ).json_value()
    return [plain(trace) for trace in drawn]


def of_kind(drawn: list[dict], kind: str) -> dict:
    (trace,) = [trace for trace in drawn if trace["meta"]["kind"] == kind]
    return trace


def saved(page: Page, name: str, tmp_path: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_curves_and_landscape_are_of_the_step_at_the_playhead(page: Page, server: Server) -> None:
    instrument = opened(page, server, "training_panel=curves&training_stage_step=40")
    path = train(default_points(), TrainConfig(GradientDescent(0.1), steps=300))
    the_distance_to_the_optimum_follows(page, instrument, path)
    page.get_by_role("radio", name="Landscape", exact=True).click()
    the_landscape_has_two_planes_and_two_looks(page, instrument, path)
    # The whole of Plotly came with the surface; what it has not drawn goes on with the part.
    page.get_by_role("radio", name="From above").click()
    the_playhead_is_at(page, path, 42)
    instrument.get_by_role("button", name="Step forward").click()
    the_playhead_is_at(page, path, 43)


def the_distance_to_the_optimum_follows(page: Page, instrument: Locator, path: Trajectory) -> None:
    best = optimum_of(default_points(), TrainConfig(GradientDescent(0.1), steps=300)).loss
    distance = page.get_by_role("paragraph").filter(has_text="Distance to the best possible")
    expect(distance).to_contain_text(f"{path.loss[40] - best:.4f}")
    instrument.get_by_role("button", name="Step forward").click()
    expect(distance).to_contain_text(f"{path.loss[41] - best:.4f}")


def the_landscape_has_two_planes_and_two_looks(page: Page, instrument: Locator, path: Trajectory) -> None:
    drawn = traces(page, "training_landscape_contour")
    way = of_kind(drawn, "path")
    assert way["customdata"][-1][0] == 300
    assert way["customdata"][-1][1] == pytest.approx(path.loss[-1], rel=1e-9)  # the end lies in the plane
    assert len(of_kind(drawn, "ellipse")["x"]) > 50
    page.get_by_role("radio", name="Two parameters").click()
    query_has(page, {"training_plane": "two"})
    the_playhead_is_at(page, path, 41)
    instrument.get_by_role("button", name="Step forward").click()
    the_playhead_is_at(page, path, 42)
    assert scripts_of_plotly(page) == ["cartesian"]
    page.get_by_role(
        "radio", name="As a surface"
    ).click()  # the one drawing by WebGL: slow here, so it is the last
    surface = of_kind(traces(page, "training_landscape_surface"), "loss")
    assert np.array(surface["z"]).shape == (35, 35)
    expect(page.locator(".st-key-training_landscape_surface canvas").first).to_be_visible()
    assert scripts_of_plotly(page) == ["cartesian", "plotly"]


def scripts_of_plotly(page: Page) -> list[str]:
    """Return what the page has run of Plotly, by the names of the files."""
    return page.evaluate(
        "[...document.scripts].map(({ src }) => src.match(/charts\\/(\\w+)/)?.[1]).filter(Boolean)"
    )


def the_playhead_is_at(page: Page, path: Trajectory, step: int) -> None:
    page.wait_for_function(
        """([x, y]) => { const plot = document.querySelector('.st-key-training_landscape_contour .js-plotly-plot');
          const mark = plot?.data?.find(trace => trace.meta.kind === 'playhead');
          return mark && Math.abs(mark.x[0] - x) < 1e-9 && Math.abs(mark.y[0] - y) < 1e-9; }""",
        arg=[path.W[step, 0, 0], path.W[step, 0, 1]],
    )


def test_the_film_plays_without_a_network(
    page: Page, browser: Browser, server: Server, tmp_path: Path
) -> None:
    context = browser.new_context(offline=True)
    troubles: list[str] = []
    film = context.new_page()
    film.on("pageerror", lambda error: troubles.append(str(error)))
    film.on(
        "request",
        lambda request: (
            troubles.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    settings = "training_form=film&training_features=cubic&training_classes=10&training_n=100"
    opened(page, server, f"training_panel=takeaway&{settings}")
    film.goto(saved(page, "Download the animation", tmp_path).as_uri())
    it_plays_and_goes_back(film)
    film.emulate_media(reduced_motion="reduce")
    play = film.get_by_role("button", name="Play").element_handle()
    assert film.locator("canvas.plane").evaluate(PICTURES, play) <= 4
    context.close()
    assert not troubles


def it_plays_and_goes_back(film: Page) -> None:
    root = film.locator("[data-instrument=training-stage]")
    expect(root).to_have_attribute("data-steps", "300")
    before = film.evaluate("document.querySelector('canvas.plane').toDataURL()")
    film.get_by_role("combobox", name="Speed").select_option("frame25")
    film.get_by_role("button", name="Play").click()
    expect(root).to_have_attribute("data-step", "300")
    expect(root).to_have_attribute("data-playing", "false")
    assert film.evaluate("document.querySelector('canvas.plane').toDataURL()") != before
    film.get_by_role("slider", name="Step of the run").press("Home")
    expect(root).to_have_attribute("data-step", "0")
    expect(film.locator(".readout")).to_contain_text("2.3026")  # log 10
    expect(root).to_contain_text("class 9")
    expect(film.get_by_role("button", name="Add points")).to_be_hidden()


def bring(page: Page, text: str, name: str = "run.json") -> None:
    page.locator(".st-key-training_saved input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    )


def a_picture_is_saved(page: Page, tmp_path: Path, name: str) -> None:
    before = stage(page).locator("canvas.plane").evaluate("canvas => [canvas.width, canvas.height]")
    path = saved(page, "Save picture", tmp_path)
    assert path.name == name
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(raw[at : at + 4], "big") for at in (16, 20)]
    # Twice the screen's pixels (the test's screen has one a CSS pixel), and two lines of caption below.
    assert size[0] == 2 * before[0]
    assert 2 * before[1] + 80 < size[1] < 2 * before[1] + 200


def test_a_saved_run_comes_back_with_weights_that_were_changed_in_its_file_and_a_hostile_file_gets_a_sentence(
    page: Page, server: Server, tmp_path: Path
) -> None:
    query = "training_panel=takeaway&training_form=run&training_rate=0.5&training_stage_step=77"
    instrument = opened(page, server, query)
    loss = instrument.get_attribute("data-loss")
    text = saved(page, "Download weights and settings", tmp_path).read_text(encoding="utf-8")
    instrument.get_by_role("button", name="Restart").click()
    expect(instrument).to_have_attribute("data-step", "0")
    bring(page, text)
    expect(page.get_by_text("The run was brought back, at step 77.")).to_be_visible()
    expect(instrument).to_have_attribute("data-step", "77")
    expect(instrument).to_have_attribute("data-loss", loss or "")
    content = json.loads(text)
    content["settings"]["training_rate"] = "3"
    content["W"] = [[0.5, -0.25, 0.0], [0.0, 1.0, -1.0]]
    content["b"] = [0.0, 0.0, 0.125]
    bring(page, json.dumps(content))
    expect(page.get_by_text("the weights of the file put in place at step 77")).to_be_visible()
    query_has(page, {"training_rate": "3"})
    on = train(default_points(), TrainConfig(steps=1), (content["W"], content["b"]))
    expect(instrument).to_have_attribute("data-step", "77")
    expect(instrument).to_have_attribute("data-loss", re.compile(f"^{on.loss[0]:.9f}"[:10]))
    bring(page, json.dumps(content | {"W": [["<b>"]]}))
    expect(page.get_by_text("weights in the file")).to_be_visible()
    expect(instrument).to_have_attribute("data-step", "77")
    a_picture_is_saved(page, tmp_path, "softmax-77.png")
    expect(page.locator(".lab-notes")).to_have_count(0)


def test_ten_classes_fit_a_phone(page: Page, server: Server) -> None:
    """test_widths.py looks at every panel with three classes."""
    page.set_viewport_size({"width": 390, "height": 844})
    query = "lang=zh&training_classes=10&training_panel=story&training_stage_probe=1~1"
    opened(page, server, query)
    expect(stage(page).locator(".story p")).to_be_visible()
    fits_the_screen(page)
    choose(page.locator(".st-key-training_panel").get_by_role("radio", name="权重", exact=True))
    fits_the_screen(page)
    expect(page.locator(".katex-error")).to_have_count(0)


@pytest.mark.parametrize(("width", "rows"), [(1280, [5, 4]), (390, [3, 3, 3])])
def test_the_names_of_the_panels_stand_in_full_rows(
    page: Page, server: Server, width: int, rows: list[int]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for language in ("en", "zh"):
        opened(page, server, f"lang={language}")
        boxes = page.locator(".st-key-training_panel button").evaluate_all(
            "all => all.map(one => { const { y, right } = one.getBoundingClientRect(), name = one.querySelector('p');"
            " return [Math.round(y), Math.round(right), name.scrollWidth - name.clientWidth]; })"
        )
        tops = sorted({top for top, _right, _over in boxes})
        assert [sum(box[0] == top for box in boxes) for top in tops] == rows
        ends = [max(right for at, right, _over in boxes if at == top) for top in tops]
        assert max(ends) - min(ends) <= 1, ends
        assert max(over for _top, _right, over in boxes) <= 1, "no name is cut"
