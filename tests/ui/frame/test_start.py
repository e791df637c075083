"""What the server does before its first visitor."""

import asyncio
import gc
import sys

import pytest

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

    asyncio.run(serve())
    assert opened == wanted


def test_modules_are_left_out_of_the_search_for_garbage():
    start.warm_up()
    try:
        assert gc.get_freeze_count() > 50_000
        assert "ui.training.lesson" in sys.modules
    finally:
        gc.unfreeze()
