"""One ES module out of several, and its registration with Streamlit.

Streamlit loads a component's JavaScript as one text from which nothing beside it can be imported. The files here
are ordinary modules (an editor and a test can load them as they are); :func:`bundle` follows their imports and
joins them, dependencies first. Stylesheets may import one another in the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

import streamlit as st
from streamlit.runtime import Runtime

FOLDER = Path(__file__).parents[1]
_IMPORT = re.compile(r"^import\s[^;]*?from\s+\"(?P<file>\.[\w./]+)\";\n", re.MULTILINE)
_CSS_IMPORT = re.compile(r"^@import \"(?P<file>\.[\w./]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def _beside(name: str, file: str) -> str:
    """Return the name of the file that the file ``name`` imports as ``file``."""
    return normpath(f"{dirname(name)}/{file}")


def _in_order(name: str, done: dict[str, str]) -> None:
    if name in done:
        return
    text = (FOLDER / name).read_text(encoding="utf-8")
    for match in _IMPORT.finditer(text):
        _in_order(_beside(name, match["file"]), done)
    done[name] = text


@cache
def bundle(name: str) -> str:
    """Return the module ``name``, such as "logit_board/index.js", with everything it imports, as one text.

    Only the entry module may have a default export. Modules share one scope, so a top-level name may be declared
    once in all of them.

    Raises
    ------
    FileNotFoundError
        If the module or one that it imports does not exist.
    """
    done: dict[str, str] = {}
    _in_order(name, done)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in done.values())


@cache
def stylesheet(name: str) -> str:
    """Return the stylesheet ``name`` with what it imports in the place of the import."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _CSS_IMPORT.sub(lambda match: stylesheet(_beside(name, match["file"])), text)


def component(name: str) -> Callable[..., Any]:
    """Return the mounting command of the instrument ``name`` (``index.js`` and ``style.css`` in its folder).

    It takes ``key``, ``data`` and callbacks as Streamlit's own does. The data travels as bytes of JSON, which the browser reads
    in instrument.js: in a dictionary Streamlit looks for data frames, and it writes it as JSON twice. Registered once per Streamlit
    runtime: a second registration would be logged as a conflict, and a process can see several runtimes (tests do).
    """
    return _registered(name, id(Runtime.instance()) if Runtime.exists() else 0)


@cache
def _registered(name: str, runtime: int) -> Callable[..., Any]:
    mount = st.components.v2.component(
        f"softmax_lab_{name}", js=bundle(f"{name}/index.js"), css=stylesheet(f"{name}/style.css")
    )

    def mount_with(*, data: Any, **how: Any) -> Any:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return mount(
            data=text.encode(errors="replace"), **how
        )  # half of a pair of UTF-16, which no letter is

    return mount_with
