"""One ES module out of several, and its registration with Streamlit.

Streamlit loads a component's JavaScript as one text from which nothing beside it can be imported. The files here
are ordinary modules (an editor and a test can load them as they are); :func:`bundle` follows their imports and
joins them, dependencies first. Stylesheets may import one another in the same way.

Streamlit would send this text with every change of a component's data, and hash it in every run. Where the server answers
for :func:`served` addresses, it sends three lines instead, which load the module from there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

import numpy as np
import orjson
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
    """Return the stylesheet ``name`` with what it imports in the place of the import; "" of an instrument that shows nothing."""
    if not (FOLDER / name).exists():
        return ""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _CSS_IMPORT.sub(lambda match: stylesheet(_beside(name, match["file"])), text)


ADDRESS = "instruments/"
"""Where modules are served, below the address of the app."""
_LOADER = """const base = window.__streamlit?.BACKEND_BASE_URL ?? `${location.origin}/`;
const address = new URL("%s", base).href;
const { default: mount, labStyle } = await import(address).catch(() => import(`${address}?again`));
export default (streamlit) => {
  const host = streamlit.parentElement;
  if (!host.querySelector(":scope > style")) {
    const sheet = document.createElement("style");
    sheet.textContent = labStyle;
    host.prepend(sheet);
  }
  return mount(streamlit);
};
"""
_is_served = False


@cache
def module(name: str) -> tuple[str, str]:
    """Return the address of an instrument, which changes with its content, and the module with its style."""
    text = f"{bundle(f'{name}/index.js')}\nexport const labStyle = {json.dumps(stylesheet(f'{name}/style.css'))};\n"
    return f"{ADDRESS}{name}.{sha256(text.encode()).hexdigest()[:12]}.js", text


def served() -> dict[str, bytes]:
    """Return what the server has to answer for, by address; from now on instruments are loaded from there."""
    global _is_served
    _is_served = True
    modules = [module(file.parent.name) for file in sorted(FOLDER.glob("*/index.js"))]
    return {address: text.encode() for address, text in modules}


def is_served() -> bool:
    """Whether the server answers for the addresses of :func:`served`; it does not where a page runs alone."""
    return _is_served


def component(name: str, *, isolated: bool = True) -> Callable[..., Any]:
    """Return the mounting command of the instrument ``name`` (``index.js`` in its folder, and ``style.css`` where there is something to see).

    What is not ``isolated`` has the styles of the page.

    It takes ``key``, ``data`` and callbacks as Streamlit's own does. The data travels as bytes of JSON (:func:`as_json`), which the
    browser reads in instrument.js: in a dictionary Streamlit looks for data frames, and it writes it as JSON twice. Registered once
    per Streamlit runtime: a second registration would be logged as a conflict, and a process can see several runtimes (tests do).
    """
    return _registered(name, isolated, id(Runtime.instance()) if Runtime.exists() else 0)


@cache
def _registered(name: str, isolated: bool, runtime: int) -> Callable[..., Any]:
    script = _LOADER % module(name)[0] if _is_served else bundle(f"{name}/index.js")
    style = None if _is_served else stylesheet(f"{name}/style.css")
    mount = st.components.v2.component(f"softmax_lab_{name}", js=script, css=style, isolate_styles=isolated)

    def mount_with(*, data: Any, **how: Any) -> Any:
        return mount(data=as_json(data), **how)

    return mount_with


def as_json(data: Any) -> bytes:
    """Return data as JSON: NumPy's arrays as lists, null for what is not finite.

    Examples
    --------
    >>> as_json({"x": [1.5, float("nan")], "name": "猫"}).decode()
    '{"x":[1.5,null],"name":"猫"}'
    """
    try:
        return orjson.dumps(data, default=_listed, option=orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:  # a forged message holds half a character or a whole number of 300 digits
        return json.dumps(data, default=_listed).encode()


def _listed(value: Any) -> Any:
    """Return an array that orjson does not know, such as one of objects, as a list."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"no JSON: {type(value).__name__}")
