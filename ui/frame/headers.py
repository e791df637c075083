"""What every answer tells the browser: what a page may load and ask, and who may show it in a frame of theirs."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Scripts and styles stand in the page, instruments are loaded by modules that it makes itself (blob:), and Streamlit counts in
# WebAssembly. What the policy holds is that nothing is loaded from or sent to another server.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)
OWN_FRAMES = "; frame-ancestors 'self'"
"""Other sites may frame a page that is meant for it (``embed=true``, docs/sharing.md), and no other."""


class SafeHeaders:
    """ASGI middleware that adds these headers to every answer, so that no proxy has to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        is_embedded = parse_qs(scope["query_string"].decode("latin-1")).get("embed") == ["true"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = (
                    "same-origin"  # no other site is told the link, which holds the state
                )
                headers["Content-Security-Policy"] = POLICY + ("" if is_embedded else OWN_FRAMES)
            await send(message)

        await self._app(scope, receive, with_headers)
