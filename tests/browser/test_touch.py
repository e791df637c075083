"""A finger that scrolls changes nothing, wherever it begins; a tap and a sideways drag still do."""

import re
from collections.abc import Callable

import pytest
from fingers import Finger, scrolls_only, state
from lesson import open_lesson, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import painted

PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def finger(new_page: Callable[..., Page]) -> Finger:
    return Finger(new_page(**PHONE))


def changes(finger: Finger, instrument: Locator, act: Callable[[], None]) -> None:
    before = state(instrument)
    act()
    painted(finger.page)
    assert state(instrument) != before


def test_logits_and_their_pictures(finger: Finger, server: Server) -> None:
    page = finger.page
    board = open_lesson(page, f"{server.url}/softmax?softmax_panel=temperature", "logit-board", "logits")
    track, handle = board.locator(".track").nth(2), board.locator(".handle").nth(2)
    scrolls_only(finger, board, track)
    changes(finger, board, lambda: finger.tap(track, (0.9, 0.5)))
    assert row(board, "logits")[2] > 5
    changes(finger, board, lambda: finger.go(handle, -60, 0))
    # A drag that the browser takes away is taken back.
    before = row(board, "logits").tolist()
    finger.go(handle, -60, 0, end="touchCancel")
    painted(page)
    assert row(board, "logits").tolist() == before
    page.get_by_role("radio", name="Triangle", exact=True).tap()
    point = page.locator("[data-instrument=logit-view] .point")
    expect(point).to_have_count(1)  # the panel before has left
    scrolls_only(finger, board, point)
    changes(finger, board, lambda: finger.go(point, 30, 0))


def test_grey_picture(finger: Finger, server: Server) -> None:
    board = open_lesson(finger.page, f"{server.url}/linear_layer", "grey-picture", "pixels")
    pixel, number = board.locator(".pixel").first, board.locator(".dial-number").first
    scrolls_only(finger, board, pixel)
    for act in (
        lambda: finger.go(pixel, -50, 0),
        lambda: finger.go(pixel, 0, 30, rest=0.4),
        lambda: finger.tap(pixel),
        lambda: finger.go(number, 40, 0),
    ):
        changes(finger, board, act)


def test_training_stage(finger: Finger, server: Server) -> None:
    page = finger.page
    stage = open_lesson(
        page,
        f"{server.url}/training?training_panel=weights&training_stage_step=10&training_stage_probe=0.5~0.5",
        "training-stage",
        "step",
    )
    plane, strip, probe = (
        stage.locator("canvas.plane"),
        stage.locator("canvas.strip"),
        stage.locator(".probe"),
    )
    rate = page.get_by_role("slider", name="Learning rate")
    for part in (plane, rate):
        scrolls_only(finger, stage, part)
    finger.tap(rate, (0.9, 0.5))
    expect(page).to_have_url(re.compile("training_rate=(?!0\\.1&)"))
    changes(finger, stage, lambda: finger.tap(strip))
    assert 100 < row(stage, "step")[0] < 200
    changes(finger, stage, lambda: finger.go(strip, 60, 0))
    before = row(stage, "step").tolist()
    finger.go(strip, -60, 0, end="touchCancel")
    painted(page)
    assert row(stage, "step").tolist() == before
    changes(finger, stage, lambda: finger.go(probe, 50, 10))
    changes(finger, stage, lambda: finger.go(probe, 0, 40, rest=0.4))
    # With the tool that moves weights a swipe beside them scrolls too.
    stage.get_by_role("button", name="Move weights by hand", exact=True).tap()
    scrolls_only(finger, stage, plane, at=(0.02, 0.95))
    tip = [float(part) for part in (stage.get_attribute("data-tips") or "")[2:].split("]")[0].split(",")]
    box = plane.bounding_box()
    assert box is not None
    on_tip = (tip[0] / box["width"], tip[1] / box["height"])
    changes(finger, stage, lambda: finger.go(plane, 30, 0, at=on_tip))
    expect(stage).to_have_attribute("data-waiting", "0")
    # A tap adds a point.
    stage.get_by_role("button", name="Add points", exact=True).tap()
    finger.tap(plane, (0.9, 0.2))
    expect(stage).to_have_attribute("data-points", "301")
    expect(stage).to_have_attribute("data-edits", "1")
