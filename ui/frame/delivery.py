"""How Streamlit's own files reach the browser: compressed, and without one waiting for another.

Streamlit serves them as they are, because it would compress them again at every request; here each is compressed once,
and a first visit moves a third of the bytes. What every page needs is named with the page, so that the browser fetches
it at once and not only when the first element arrives that asks for it.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
import re
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected

FOLDER = Path(st.__file__).parent / "static"
KINDS = {".js", ".css"}  # fonts and pictures are compressed already
SMALLEST = 1000  # bytes: below that nothing is gained
# The names hold a hash of the content, so a file of this name never changes.
CACHING = "public, max-age=31536000, immutable"
# The elements of every page: style and address, language switch, instrument, link to the next lesson.
ON_EVERY_PAGE = ("Html", "ButtonGroup", "BidiComponent", "PageLink")


class Delivery:
    """ASGI middleware around Streamlit: answers for its scripts and styles where the browser accepts gzip.

    Everything else is left to Streamlit. What may be asked for is listed when the server starts: a path of a visitor
    is only looked up in that list, it never reaches the disk.

    Parameters
    ----------
    app
        What answers otherwise.
    folder
        Where ``index.html`` is and the folder ``static``, whose files have a hash in their names.
    """

    def __init__(self, app: ASGIApp, folder: Path = FOLDER) -> None:
        self._app = app
        self._files = {
            f"/{file.relative_to(folder).as_posix()}": file
            for file in (folder / "static").rglob("*")
            if file.suffix in KINDS and file.stat().st_size >= SMALLEST
        }
        self._compressed: dict[str, asyncio.Task[bytes]] = {}
        self._early = ", ".join(f"<{path}>; rel=modulepreload" for path in needed_early(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "websocket":
            # A reader who leaves while the page connects: nothing is wrong, and Streamlit trips over it when it closes.
            with suppress(WebSocketDisconnected):
                await self._app(scope, receive, send)
        elif scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
        elif scope["path"] in self._files and accepts_gzip(Headers(scope=scope).get("accept-encoding", "")):
            await (await self._answer(scope["path"], scope["method"] == "HEAD"))(scope, receive, send)
        else:
            await self._app(scope, receive, self._naming(send))

    async def _answer(self, path: str, head: bool) -> Response:
        file = self._files[path]
        if path not in self._compressed:  # thirty visitors at once wait for the same one
            self._compressed[path] = asyncio.create_task(asyncio.to_thread(_compress, file))
        body = await asyncio.shield(self._compressed[path])
        headers = {
            "Content-Encoding": "gzip",
            "Content-Length": str(len(body)),
            "Cache-Control": CACHING,
            "Vary": "Accept-Encoding",
        }
        return Response(b"" if head else body, headers=headers, media_type=mimetypes.guess_type(file.name)[0])

    def _naming(self, send: Send) -> Send:
        async def name(message: Message) -> None:
            if self._early and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Link", self._early)
            await send(message)

        return name


def accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` allows gzip: it is named, or ``*`` is, and not with the weight 0."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        try:
            weights[name] = next((float(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        except ValueError:
            weights[name] = 0.0  # not understood: the file as it is serves everyone
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def needed_early(folder: Path) -> list[str]:
    """Return the paths of the scripts of every page, with what they import, that ``index.html`` does not name."""
    scripts = folder / "static" / "js"
    named = (folder / "index.html").read_text(encoding="utf-8")
    found: list[str] = []
    waiting = [file.name for stem in ON_EVERY_PAGE for file in scripts.glob(f"{stem}.*.js")]
    while waiting:
        name = waiting.pop()
        path = f"/static/js/{name}"
        if path not in found and name not in named:
            found.append(path)
            waiting += re.findall(
                r'(?:from|import)"\./([^"]+)"', (scripts / name).read_text(encoding="utf-8")
            )
    return found


@asynccontextmanager
async def open_browser(_app: st.App) -> AsyncIterator[None]:
    """Open the app in the browser of the one who starts it; `st.App` leaves that out. Not without a screen."""
    if not st.get_option("server.headless"):
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().run_in_executor(
            None, webbrowser.open, address
        )  # some systems take seconds
    yield


def _compress(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
