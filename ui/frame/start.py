"""What the server does once, before its first visitor."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import streamlit as st
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from threadpoolctl import threadpool_limits

import ui
from ui.frame import runs

LATE = ("pandas", "plotly.graph_objects")
"""What Streamlit imports when it is first needed."""
_populate_theme_msg = app_session._populate_theme_msg


def warm_up() -> None:
    """Load what the pages need, and keep visitors out of each other's way.

    Python looks for garbage among all objects again and again, and a hundred thousand of them belong to modules and stay for
    good: these are looked at no more. And BLAS gets one thread for the whole process: a second one gains little on products
    this small, and where several visitors train at once their threads wait for each other and for the processors.
    """
    for name in (*LATE, *(module.name for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."))):
        importlib.import_module(name)
    threadpool_limits(1, user_api="blas")
    app_session._populate_theme_msg = populate_theme
    runs.patch_streamlit()
    gc.collect()
    gc.freeze()


@cache
def _theme(section: str) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    _populate_theme_msg(theme, section)
    return theme


def populate_theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    """Put the theme into a message. Streamlit looks for it among all its options in every run: a tenth of what a drag costs."""
    if _theme(section).ListFields():  # a part that the configuration does not name must stay unset
        msg.MergeFrom(_theme(section))


@asynccontextmanager
async def begin(_app: st.App) -> AsyncIterator[None]:
    """Warm up, and open the app in the browser of the one who starts it; `st.App` leaves that out. Not without a screen."""
    warm_up()
    if not st.get_option("server.headless"):
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().run_in_executor(
            None, webbrowser.open, address
        )  # some systems take seconds
    yield
