"""How Streamlit's own files reach the browser: compressed, and without one waiting for another.

Streamlit serves them as they are, because it would compress them again at every request; here each is compressed once,
and a first visit moves less than half of the bytes. What every page needs is named in the page, so that the browser loads it at
once and not only when the first element arrives that asks for it; and the page is told where its server is.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
import re
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected

FOLDER = Path(st.__file__).parent / "static"
KINDS = {".js", ".css"}  # fonts and pictures are compressed already
SMALLEST = 1000  # bytes: below that nothing is gained
MOST_PAGES = 8  # of HTML that are kept; Streamlit has one, packed or not
# The names hold a hash of the content, so a file of this name never changes.
CACHING = "public, max-age=31536000, immutable"
# The elements of every page: style and address, Present, language switch, instrument, link to the next lesson.
ON_EVERY_PAGE = ("Html", "Button", "ButtonGroup", "BidiComponent", "PageLink")
# Streamlit's page looks for its server below its own address first, so at /softmax it asks for one that is not there and
# waits before it asks again. Told where the server is, and whose messages to trust (only its own), it connects at once.
# When it has lost its server and looks for one again, the new one has never seen this reader, and Streamlit would tell it the
# address as it was when the page was opened. So Streamlit is told the address when a connection ends, and again when the next is
# made: a run may play on in between, but a message posted that late could come after Streamlit's first. It believes messages that
# were posted, none that were made up.
# And the key L of a presentation chooses light or dark for this tab (ui/frame/present.js): what is chosen stands for what the
# system wants, so that Streamlit follows at once, with nothing loaded anew.
CONNECT = """<script>(() => {
  const base = location.pathname.replace(/(?:PAGES)\\/?$/, "");
  if (base.endsWith("/")) window.__streamlit = {
    BACKEND_BASE_URL: location.origin + base,
    HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
  };
  const DARK = "(prefers-color-scheme: dark)";
  const native = window.matchMedia.bind(window), system = native(DARK), wanted = new EventTarget();
  let chosen = null;
  try { chosen = sessionStorage.getItem("softmax-lab:theme"); } catch { /* nothing is kept */ }
  try { // a page that promises to keep something says so if it cannot (ui/frame/kept.py)
    localStorage.setItem("softmax-lab:try", "");
    localStorage.removeItem("softmax-lab:try");
  } catch { document.documentElement.classList.add("lab-keeps-nothing"); }
  const change = () => wanted.dispatchEvent(new Event("change"));
  Object.defineProperty(wanted, "matches", { get: () => (chosen ? chosen === "dark" : system.matches) });
  system.addEventListener("change", change);
  window.matchMedia = (query) => (query === DARK ? wanted : native(query));
  window.labTheme = (theme) => { chosen = theme; change(); };
  const tellAddress = () => postMessage(
    { stCommVersion: 1, type: "UPDATE_FROM_QUERY_PARAMS", queryParams: location.search }, location.origin,
  );
  let isLost = false;
  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      if (isLost) tellAddress();
      this.addEventListener("close", () => { isLost = true; tellAddress(); });
    }
  };
})();</script>
"""


class Delivery:
    """ASGI middleware around Streamlit: answers for its scripts and styles where the browser accepts gzip.

    Everything else is left to Streamlit, whose page of HTML is told where its server is. What may be asked for is listed
    when the server starts: a path of a visitor is only looked up in that list, it never reaches the disk.

    Parameters
    ----------
    app
        What answers otherwise.
    folder
        Where ``index.html`` is and the folder ``static``, whose files have a hash in their names.
    pages
        The last parts of the addresses of pages, such as "softmax".
    html
        What stands in the body of every page, before everything else and after it.
    scripts
        More scripts, by their address below that of the app, which changes with their content.
    """

    def __init__(
        self, app: ASGIApp, folder: Path = FOLDER, pages: Sequence[str] = (), html: tuple[str, str] = ("", ""),
        scripts: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        self._app = app
        self._connect = CONNECT.replace("PAGES", "|".join(map(re.escape, pages))).encode()
        self._files = {
            f"/{file.relative_to(folder).as_posix()}": file
            for file in (folder / "static").rglob("*")
            if file.suffix in KINDS and file.stat().st_size >= SMALLEST
        }
        self._scripts = scripts
        self._before, self._after = (part.encode() for part in html)
        self._pages: dict[bytes, bytes] = {}
        self._compressed: dict[str, asyncio.Task[bytes]] = {}
        self._early = "".join(map(_loading, needed_early(folder))).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        set_no_delay(receive)
        if scope["type"] == "websocket":
            # A reader who leaves while the page connects: nothing is wrong, and Streamlit trips over it when it closes.
            with suppress(WebSocketDisconnected):
                await self._app(scope, receive, send)
        elif scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
        elif script := self._script(scope["path"]):
            await (await self._answer(script, scope))(scope, receive, send)
        elif scope["path"] in self._files and _accepts(scope):
            await (await self._answer(scope["path"], scope))(scope, receive, send)
        else:
            await self._app(scope, receive, self._completing(send))

    def _script(self, path: str) -> str:
        """Return which of our scripts a path asks for, whatever the address of the app is; "" where it asks for none."""
        below = "/".join(path.rsplit("/", 2)[-2:])
        return below if below in self._scripts else ""

    async def _answer(self, path: str, scope: Scope) -> Response:
        content = self._scripts.get(path) or self._files[path]
        headers = {"Cache-Control": CACHING, "Vary": "Accept-Encoding"}
        if isinstance(content, Path) or _accepts(scope):
            if path not in self._compressed:  # thirty visitors at once wait for the same one
                self._compressed[path] = asyncio.create_task(asyncio.to_thread(_compress, content))
            body = await asyncio.shield(self._compressed[path])
            headers["Content-Encoding"] = "gzip"
        else:
            body = content
        headers["Content-Length"] = str(len(body))
        is_head = scope["method"] == "HEAD"
        return Response(b"" if is_head else body, headers=headers, media_type=mimetypes.guess_type(path)[0])

    def _completing(self, send: Send) -> Send:
        """Return what sends an answer on, a page of HTML with what it needs early in its head."""
        start: Message | None = None
        body = b""

        async def complete(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                if body:  # none for HEAD
                    headers = MutableHeaders(scope=start)
                    body = self._kept(body, headers.get("content-encoding") == "gzip")
                    headers["Content-Length"] = str(len(body))
                    del headers["ETag"], headers["Last-Modified"]  # of the file as it was
                await send(start)
                await send({"type": "http.response.body", "body": body})

        return complete

    def _kept(self, body: bytes, packed: bool) -> bytes:
        """Return the completed page, made once: it is the same for every visitor."""
        key = body[:4] + body[8:] if packed else body  # without the time at which it was packed
        if key not in self._pages:
            page = self._completed(gzip.decompress(body) if packed else body)
            if len(self._pages) >= MOST_PAGES:
                self._pages.clear()
            self._pages[key] = gzip.compress(page, 6, mtime=0) if packed else page
        return self._pages[key]

    def _completed(self, page: bytes) -> bytes:
        if b'<div id="root">' not in page:
            return page  # it is not Streamlit's, and the scripts would start the app in it
        page = page.replace(b"<head>", b"<head>" + self._connect, 1)
        page = page.replace(b'<div id="root">', self._before + b'<div id="root">', 1)
        page = page.replace(b"</body>", self._after + b"</body>", 1)
        return page.replace(b"</head>", self._early + b"</head>", 1)


def set_no_delay(receive: Receive) -> None:
    """Let the system send what is written to this connection without waiting for more.

    asyncio asks for that (TCP_NODELAY) only where a socket names its protocol, and the one on which Streamlit listens names
    none. So the second message of every answer waited until the browser had confirmed the first, which it does after 40 ms.
    ``receive`` belongs to what holds the connection; with a server that keeps it elsewhere nothing happens.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    connection = transport.get_extra_info("socket") if transport is not None else None
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


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


def _loading(path: str) -> str:
    # What an element needs is run at once, beside the wait for the server; what that imports is only fetched.
    if path.rsplit("/", 1)[-1].split(".", 1)[0] in ON_EVERY_PAGE:
        return f'<script type="module" crossorigin src=".{path}"></script>'
    return f'<link rel="modulepreload" crossorigin href=".{path}">'


def _is_page(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith(
        "text/html"
    )


def _accepts(scope: Scope) -> bool:
    return accepts_gzip(Headers(scope=scope).get("accept-encoding", ""))


def _compress(content: Path | bytes) -> bytes:
    return gzip.compress(content if isinstance(content, bytes) else content.read_bytes(), 9, mtime=0)
