"""Panels of the Training page in Chromium: what they show is softmax_core's, and what is taken away works elsewhere."""

import base64
import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from lesson import choose, fits_the_screen
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from test_training_stage import opened, stage
from waits import PICTURES, query_has, quiet

from softmax_core.datasets import DataSpec, make, split
from softmax_core.metrics import confusion_matrix, norms
from softmax_core.optimizers import GradientDescent
from softmax_core.optimum.minimise import optimum_of
from softmax_core.regression import predict
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
    chart = page.locator(f".st-key-{key} .js-plotly-plot")
    expect(chart).to_have_count(1)
    page.wait_for_function(
        "key => document.querySelector(`.st-key-${key} .js-plotly-plot`)?.data?.length", arg=key
    )
    drawn = chart.evaluate(
        """plot => plot.data.map(trace => JSON.parse(JSON.stringify(trace, (name, value) =>
             ArrayBuffer.isView(value) ? Array.from(value) : value)))"""
    )
    return [plain(trace) for trace in drawn]


def of_kind(drawn: list[dict], kind: str) -> dict:
    (trace,) = [trace for trace in drawn if trace["meta"]["kind"] == kind]
    return trace


CANVAS_SIZE = "canvas => [canvas.width, canvas.height]"


def saved(page: Page, name: str, tmp_path: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_curves_diagnostics_and_landscape_are_of_the_step_at_the_playhead(
    page: Page, server: Server, tmp_path: Path
) -> None:
    instrument = opened(page, server, "training_panel=curves&training_stage_step=40")
    path = train(default_points(), TrainConfig(GradientDescent(0.1), steps=300))
    the_distance_to_the_optimum_follows(page, instrument, path)
    a_picture_of_the_stage(page, instrument, tmp_path)
    page.get_by_role("radio", name="Diagnostics", exact=True).click()
    the_views_of_the_model_are_shown(page, path, 41)
    page.get_by_role("radio", name="Landscape", exact=True).click()
    the_landscape_has_two_planes_and_two_looks(page, instrument, path)
    # At step 0 zero weights say the same everywhere.
    instrument.get_by_role("button", name="Restart").click()
    query_has(page, {"training_stage_step": "0"})
    page.get_by_role("radio", name="Diagnostics", exact=True).click()
    page.get_by_role("radio", name="Probability of a class").click()
    for _attempt in range(100):  # the chart of the step before stands until Python has heard of this one
        z = np.array(of_kind(traces(page, "training_surface"), "surface")["z"])
        if np.ptp(z) == 0:
            break
        page.wait_for_timeout(200)
    np.testing.assert_allclose(z, 1 / 3)
    page.get_by_role("radio", name="class 2").click()
    page.wait_for_function("location.search.includes('training_surface_class=2')")


def the_distance_to_the_optimum_follows(page: Page, instrument: Locator, path: Trajectory) -> None:
    best = optimum_of(default_points(), TrainConfig(GradientDescent(0.1), steps=300)).loss
    distance = page.get_by_role("paragraph").filter(has_text="Distance to the best possible")
    expect(distance).to_contain_text(f"{path.loss[40] - best:.4f}")
    line = of_kind(traces(page, "training_loss"), "best")
    assert line["y"][0] == pytest.approx(best, abs=1e-9)
    instrument.get_by_role("button", name="Step forward").click()
    expect(distance).to_contain_text(f"{path.loss[41] - best:.4f}")
    page.get_by_text("Distance to the optimum", exact=True).click()
    expect(page.get_by_text("Loss − optimum", exact=True)).to_be_visible()
    drawn = of_kind(traces(page, "training_loss"), "line")
    np.testing.assert_allclose(drawn["customdata"], path.loss - best, atol=1e-9)
    page.wait_for_function("location.search.includes('training_gap=true')")


def a_picture_of_the_stage(page: Page, instrument: Locator, tmp_path: Path) -> None:
    # The charts make the page longer, and a scroll bar narrows the stage.
    canvas = instrument.locator("canvas.plane")
    for _attempt in range(5):
        before = canvas.evaluate(CANVAS_SIZE)
        path = saved(page, "Save picture", tmp_path)
        if canvas.evaluate(CANVAS_SIZE) == before:
            break
    else:
        pytest.fail("the stage changes its size all the time")
    assert path.name == "softmax-41.png"
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(raw[at : at + 4], "big") for at in (16, 20)]
    # Twice the screen's pixels (the test's screen has one a CSS pixel), and two lines of caption below.
    assert size[0] == 2 * before[0]
    assert 2 * before[1] + 80 < size[1] < 2 * before[1] + 200


def the_views_of_the_model_are_shown(page: Page, path: Trajectory, step: int) -> None:
    data = default_points()
    counts = confusion_matrix(data.y, predict(data.X, path.W[step], path.b[step]), 3)
    shown = of_kind(traces(page, "training_confusion"), "numbers")
    assert [int(text) for text in shown["text"]] == counts.ravel().tolist()
    bars = of_kind(traces(page, "training_class_accuracy"), "bars")
    np.testing.assert_allclose(bars["x"], np.diag(counts) / counts.sum(axis=1))
    page.get_by_role("radio", name="Confidence").click()
    bars = traces(page, "training_histogram")
    assert sum(sum(of_kind(bars, kind)["y"]) for kind in ("right", "wrong")) == 240
    expect(page.get_by_text("ECE =")).to_be_visible()


def the_landscape_has_two_planes_and_two_looks(page: Page, instrument: Locator, path: Trajectory) -> None:
    drawn = traces(page, "training_landscape_contour")
    way = of_kind(drawn, "path")
    assert way["customdata"][-1][0] == 300
    assert way["customdata"][-1][1] == pytest.approx(path.loss[-1], rel=1e-9)  # the end lies in the plane
    assert len(of_kind(drawn, "ellipse")["x"]) > 50
    page.get_by_role("radio", name="As a surface").click()
    surface = of_kind(traces(page, "training_landscape_surface"), "loss")
    assert np.array(surface["z"]).shape == (35, 35)
    page.get_by_role("radio", name="Two parameters").click()  # two clicks at once: the address must hold both
    page.get_by_role("radio", name="From above").click()
    playhead = of_kind(traces(page, "training_landscape_contour"), "playhead")
    query_has(page, {"training_plane": "two"})
    assert (playhead["x"][0], playhead["y"][0]) == pytest.approx((path.W[41, 0, 0], path.W[41, 0, 1]))
    instrument.get_by_role("button", name="Step forward").click()
    page.wait_for_function(
        """x => { const plot = document.querySelector('.st-key-training_landscape_contour .js-plotly-plot');
          const mark = plot?.data?.find(trace => trace.meta.kind === 'playhead');
          return mark && Math.abs(mark.x[0] - x) < 1e-9; }""",
        arg=path.W[42, 0, 0],
    )


def test_stable_rates_at_start_and_optimum(page: Page, server: Server) -> None:
    opened(page, server, "training_panel=settings&training_all=true&training_rate=20")
    rate = page.get_by_role("slider", name="Learning rate")
    start, optimum = page.get_by_text("is above 2 / curvature"), page.get_by_text("cannot settle there")
    expect(start).to_contain_text(re.compile(r"[1-9]\d* of 300 steps raised"))
    expect(page.get_by_text("at the optimum: gradient descent cannot settle there")).to_be_visible()
    for _ in range(2):
        rate.press("ArrowLeft")
    expect(rate).to_have_attribute("aria-valuetext", "7")
    expect(optimum).to_have_count(0)
    expect(page.get_by_text("at the start, ")).to_be_visible()
    rate.press("Home")
    expect(start).to_have_count(0)
    expect(page.get_by_text("at the start, ")).to_be_visible()
    expect(optimum).to_have_count(0)
    rate.press("End")
    expect(optimum).to_be_visible()
    page.get_by_role("radiogroup", name="Data").get_by_role("radio", name="Three points").click()
    expect(page.get_by_text("∞ at the optimum")).to_be_visible()
    expect(optimum).to_have_count(0)


def test_separable_data_have_their_optimum_at_infinity(page: Page, server: Server) -> None:
    opened(
        page,
        server,
        "training_data=three_points&training_panel=diagnostics&training_diagnosis=norms&training_stage_step=200",
    )
    expect(page.get_by_text("the optimum lies at infinity")).to_be_visible()
    path = train(make(DataSpec("three_points")), TrainConfig(GradientDescent(0.1), steps=300))
    sizes = norms(path.W, path.b)
    assert (np.diff(sizes) > 0).all()
    drawn = of_kind(traces(page, "training_norm_weight"), "line")
    np.testing.assert_allclose(drawn["y"], sizes)


def test_a_script_and_the_table_of_a_run_say_what_the_page_says(
    page: Page, server: Server, tmp_path: Path
) -> None:
    instrument = opened(page, server, "training_panel=takeaway&training_l2=0.01&training_stage_step=300")
    loss = float(instrument.get_attribute("data-loss") or "")
    best = optimum_of(default_points(), TrainConfig(l2=0.01)).loss
    page.get_by_role("radio", name="Numbers").click()
    the_table_holds_all_steps(saved(page, "Download the run (CSV)", tmp_path))
    page.get_by_role("radio", name="Code").click()
    for library, wanted, near in (("NumPy", loss, 1e-9), ("scikit-learn", best, 1e-4)):
        chosen = page.get_by_role("radio", name=library)
        if not chosen.is_checked():
            chosen.click()
            expect(page.get_by_test_id("stCode").filter(has_text="from sklearn")).to_be_visible()
        path = saved(page, "Download the script", tmp_path)
        result = subprocess.run(
            [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True, timeout=120
        )
        assert float(result.stdout.split()[-1]) == pytest.approx(wanted, abs=near), library


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
    for features in ("linear", "cubic"):
        settings = f"training_form=film&training_features={features}&training_classes=10"
        opened(page, server, f"training_panel=takeaway&{settings}")
        path = saved(page, "Download the animation", tmp_path)
        assert path.stat().st_size <= 4_000_000
        film.goto(path.as_uri())
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


def the_table_holds_all_steps(file: Path) -> None:
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    path = train(default_points(), TrainConfig(GradientDescent(0.1), steps=300, l2=0.01))
    assert len(rows) == 302
    assert rows[0][:6] == ["step", "loss", "accuracy", "test loss", "test accuracy", "w[x1, class 0]"]
    last = np.array(rows[-1], dtype=float)
    assert last[1] == path.loss[-1]
    np.testing.assert_array_equal(last[5:], path.thetas[-1].ravel())


def bring(page: Page, text: str, name: str = "run.json") -> None:
    page.locator(".st-key-training_saved input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    )


def test_a_saved_run_comes_back(page: Page, server: Server, tmp_path: Path) -> None:
    query = "training_panel=takeaway&training_form=run&training_rate=0.5&training_classes=4&training_l2=0.03&training_stage_step=77"
    instrument = opened(page, server, query)
    loss = instrument.get_attribute("data-loss")
    path = saved(page, "Download weights and settings", tmp_path)
    instrument = opened(
        page, server, "training_panel=takeaway&training_form=run&training_noise=2&training_rate=3"
    )
    bring(page, path.read_text(encoding="utf-8"))
    expect(page.get_by_text("The run was brought back, at step 77.")).to_be_visible()
    expect(instrument).to_have_attribute("data-step", "77")
    expect(instrument).to_have_attribute("data-loss", loss or "")
    page.wait_for_function(
        "location.search.includes('training_rate=0.5') && !location.search.includes('noise')"
    )
    expect(page.locator(".lab-notes")).to_have_count(0)


HOSTILE = [
    ("not json", "This is not a JSON file."),
    ('{"format": "x"}', "not saved by this page"),
    ("[" * 100_000, "This is not a JSON file."),
    ('{"format": "softmax-lab run", "version": 9}', "another version"),
    ('{"format": "softmax-lab run", "version": 1, "settings": {"lang": "zh"}}', "settings in the file"),
    (
        '{"format": "softmax-lab run", "version": 1, "settings": {}, "step": 1, "W": [["<b>"]], "b": [1]}',
        "weights in the file",
    ),
]


def test_weights_that_were_changed_in_the_file_are_put_in_place_and_a_hostile_file_gets_a_sentence(
    page: Page, server: Server, tmp_path: Path
) -> None:
    instrument = opened(page, server, "training_panel=takeaway&training_form=run&training_stage_step=10")
    path = saved(page, "Download weights and settings", tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["W"] = [[0.5, -0.25, 0.0], [0.0, 1.0, -1.0]]
    content["b"] = [0.0, 0.0, 0.125]
    bring(page, json.dumps(content))
    expect(page.get_by_text("the weights of the file put in place at step 10")).to_be_visible()
    data = default_points()
    config = TrainConfig(GradientDescent(0.1), steps=290)
    path_on = train(data, config, (content["W"], content["b"]))
    expect(instrument).to_have_attribute("data-step", "10")
    expect(instrument).to_have_attribute("data-loss", re.compile(f"^{path_on.loss[0]:.9f}"[:10]))
    for text, sentence in HOSTILE:  # no sentence stands twice in a row: each is of its own file
        bring(page, text)
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(instrument).to_have_attribute("data-step", "10")


def test_ten_classes_fit_a_phone(page: Page, server: Server) -> None:
    """test_widths.py looks at every panel with three classes."""
    page.set_viewport_size({"width": 390, "height": 844})
    opened(
        page,
        server,
        "lang=zh&training_classes=10&training_panel=story&training_stage_probe=1~1&training_all=true",
    )
    expect(stage(page).locator(".story p")).to_be_visible()
    quiet(page, 200)
    fits_the_screen(page)
    for panel in ("权重", "诊断", "设置"):
        choose(page.locator(".st-key-training_panel").get_by_role("radio", name=panel, exact=True))
        fits_the_screen(page)
        expect(page.locator(".katex-error")).to_have_count(0)
