"""What the server does before its first visitor."""

import asyncio
import gc
import sys
from operator import attrgetter

import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig

from tests.ui.frame.coroutines import run_alone
from ui.frame import start


@pytest.mark.parametrize(("headless", "wanted"), [(False, ["http://localhost:8600"]), (True, [])])
def test_who_starts_the_app_sees_it_unless_there_is_no_screen(monkeypatch, headless, wanted):
    opened = []
    monkeypatch.setattr(start.webbrowser, "open", opened.append)
    monkeypatch.setattr(start, "warm_up", lambda: None)
    monkeypatch.setattr(
        start.st, "get_option", {"server.headless": headless, "server.port": 8600}.__getitem__
    )

    async def serve():
        async with start.begin(None):
            pass
        await asyncio.get_running_loop().shutdown_default_executor()

    run_alone(serve())
    assert opened == wanted


def test_the_theme_that_is_kept_is_the_one_of_the_configuration():
    ours, theirs = CustomThemeConfig(), CustomThemeConfig()
    for part in ("", ".light", ".dark", ".sidebar", ".light.sidebar", ".dark.sidebar"):
        for theme, put in ((ours, start.populate_theme), (theirs, start._populate_theme_msg)):
            put(attrgetter(part[1:])(theme) if part else theme, f"theme{part}")
    assert ours.light.primary_color == "#0b6b63"
    assert ours == theirs
    assert not ours.HasField("sidebar")


def test_modules_are_left_out_of_the_search_for_garbage(monkeypatch):
    monkeypatch.setattr(start.runs, "patch_streamlit", lambda: None)  # other tests see Streamlit as it is
    start.warm_up()
    try:
        assert gc.get_freeze_count() > 50_000
        assert "ui.training.lesson" in sys.modules
    finally:
        gc.unfreeze()
