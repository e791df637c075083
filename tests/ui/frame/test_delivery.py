"""Streamlit's files as they reach a browser: compressed, cached, and no path of a visitor on the disk."""

import asyncio
import gzip
import re
import socket
import threading
import urllib.request

import pytest
import uvicorn
from starlette.websockets import WebSocket

from tests.ui.frame.coroutines import run_alone
from ui.frame import delivery

SCRIPT = "export const text = 'the same words again';\n" * 100
INDEX = (
    '<html><head><link rel="modulepreload" href="./static/js/known.1.js"></head><div id="root"></div></html>'
)


@pytest.fixture
def folder(tmp_path):
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text(INDEX, encoding="utf-8")
    (tmp_path / "secret.js").write_text(SCRIPT, encoding="utf-8")
    (scripts / "big.abc.js").write_text(SCRIPT, encoding="utf-8")
    (scripts / "small.abc.js").write_text("0", encoding="utf-8")
    (scripts / "picture.abc.png").write_bytes(bytes(5000))
    return tmp_path


def _ask(folder, path, accept="gzip, deflate, br", method="GET", times=1, **how):
    """Ask ``times`` at once; return (status, headers, body) of the last, where 404 means: left to Streamlit."""

    async def streamlit(scope, receive, send):
        if scope["path"] != "/":
            await send(
                {"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]}
            )
            await send({"type": "http.response.body", "body": b"left"})
            return
        packed = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        page = gzip.compress(INDEX.encode()) if packed else INDEX.encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"etag", b"1"),
            (b"content-length", b"%d" % len(page)),
        ]
        headers += [(b"content-encoding", b"gzip")] * packed
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        parts = [page[:9], page[9:]] if scope["method"] == "GET" else [b""]
        for at, part in enumerate(parts, 1):
            await send({"type": "http.response.body", "body": part, "more_body": at < len(parts)})

    async def one(app):
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request"}

        headers = [(b"accept-encoding", accept.encode())] if accept is not None else []
        await app({"type": "http", "method": method, "path": path, "headers": headers}, receive, send)
        assert len(sent) == 2
        return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]

    async def all_of_them():
        app = delivery.Delivery(streamlit, folder, pages=["softmax", "linear_layer"], **how)
        return (await asyncio.gather(*(one(app) for _ in range(times))))[-1]

    return run_alone(all_of_them())


def test_a_script_comes_compressed_and_is_kept_for_a_year(folder):
    status, headers, body = _ask(folder, "/static/js/big.abc.js")
    assert status == 200
    assert gzip.decompress(body).decode() == SCRIPT
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(body) < len(SCRIPT) / 5
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-type"].split(";")[0] in ("text/javascript", "application/javascript")


def test_head_has_the_headers_and_no_body(folder):
    _, wanted, _ = _ask(folder, "/static/js/big.abc.js")
    assert _ask(folder, "/static/js/big.abc.js", method="HEAD") == (200, wanted, b"")


@pytest.mark.parametrize(
    "accept", [None, "", "br", "identity", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzip;q=x"]
)
def test_who_does_not_accept_gzip_gets_what_streamlit_serves(folder, accept):
    assert _ask(folder, "/static/js/big.abc.js", accept)[0] == 404


@pytest.mark.parametrize("accept", ["gzip", "GZIP;q=0.5, br", "br , gzip", "*", "deflate, *;q=0.1"])
def test_who_accepts_gzip_gets_it(folder, accept):
    assert _ask(folder, "/static/js/big.abc.js", accept)[1]["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/index.html", "/secret.js", "/static/js/small.abc.js", "/static/js/picture.abc.png", "/static/js/",
        "/static/js/../../secret.js", "/static/../secret.js", "/static/js/%2e%2e/%2e%2e/secret.js", "//static/js/big.abc.js",
        "/static\\js\\big.abc.js", "/static/js/big.abc.js\0", "/static/js/./big.abc.js", "/STATIC/js/big.abc.js", "/etc/passwd",
    ],
)  # fmt: skip
def test_every_other_path_is_left_to_streamlit(folder, path):
    status, headers, body = _ask(folder, path)
    assert (status, body) == (404, b"left")
    assert "content-encoding" not in headers


def test_many_at_once_wait_for_one_compression(folder, monkeypatch):
    calls = []
    monkeypatch.setattr(delivery, "_compress", lambda file: calls.append(file) or b"packed")
    assert _ask(folder, "/static/js/big.abc.js", times=30)[2] == b"packed"
    assert len(calls) == 1


def test_the_page_names_what_every_page_needs(folder):
    scripts = folder / "static" / "js"
    (scripts / "BidiComponent.7.js").write_text(
        'import{a}from"./part.8.js";import"./known.1.js";import"./part.9.js";', encoding="utf-8"
    )
    for name in ("part.8.js", "part.9.js", "known.1.js"):
        (scripts / name).write_text('import"./BidiComponent.7.js"', encoding="utf-8")
    page = _ask(folder, "/", accept=None)[2].decode()
    assert re.findall(r'<script type="module" crossorigin src="([^"]+)">', page) == [
        "./static/js/BidiComponent.7.js"
    ]
    assert sorted(re.findall(r'<link rel="modulepreload" crossorigin href="([^"]+)">', page)) == [
        "./static/js/part.8.js", "./static/js/part.9.js",
    ]  # fmt: skip
    assert page.index("known.1.js") < page.index("BidiComponent.7.js") < page.index("</head>")


@pytest.mark.parametrize("accept", [None, "gzip"])
def test_the_page_is_whole_and_has_no_mark_of_the_file_as_it_was(folder, accept):
    status, headers, body = _ask(folder, "/", accept)
    page = gzip.decompress(body) if accept else body
    assert status == 200
    assert headers["content-length"] == str(len(body))
    assert ("content-encoding" in headers) == bool(accept)
    assert "etag" not in headers
    assert page.startswith(b"<html><head><script>")
    assert page.endswith(b'</head><div id="root"></div></html>')


def test_a_page_that_is_not_streamlit_s_stays_as_it_is(folder, monkeypatch):
    other = "<html><head></head><iframe></iframe></html>"
    monkeypatch.setitem(globals(), "INDEX", other)
    assert gzip.decompress(_ask(folder, "/")[2]).decode() == other


def test_head_of_the_page_has_no_body(folder):
    assert _ask(folder, "/", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("/", "/"), ("/softmax", "/"), ("/softmax/", "/"), ("/course/linear_layer", "/course/"), ("/course/", "/course/"),
        ("/nowhere", None), ("/softmax2", None), ("/softmaxsoftmax/x", None),
    ],
)  # fmt: skip
def test_the_page_knows_its_server(folder, address, server):
    """`None`: Streamlit looks for it by itself."""
    pattern = re.search(r"replace\(/(.+?)/, \"\"\)", _ask(folder, "/", accept=None)[2].decode())[1].replace(
        "\\/", "/"
    )
    base = re.sub(pattern, "", address)
    assert (base if base.endswith("/") else None) == server


def test_what_is_named_exists_in_this_version_of_streamlit():
    found = delivery.needed_early(delivery.FOLDER)
    for stem in delivery.ON_EVERY_PAGE:
        assert any(path.startswith(f"/static/js/{stem}.") for path in found), stem
    assert all((delivery.FOLDER / path[1:]).is_file() for path in found)


def test_a_reader_who_leaves_while_the_page_connects_is_no_error(folder):
    """Streamlit then closes what is closed already."""
    received = [{"type": "websocket.connect"}]
    sent = []

    async def streamlit(scope, receive, send):
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.close()
        await socket.close()

    async def send(message):
        sent.append(message["type"])

    async def receive():
        return received.pop(0)

    scope = {"type": "websocket", "path": "/_stcore/stream"}
    run_alone(delivery.Delivery(streamlit, folder)(scope, receive, send))
    assert sent == ["websocket.accept", "websocket.close"]


def test_a_page_is_completed_once_whenever_it_was_packed(folder):
    app = delivery.Delivery(None, folder)
    first, later = (app._kept(gzip.compress(INDEX.encode(), mtime=second), True) for second in (1, 2))
    assert first == later
    assert len(app._pages) == 1
    other = app._kept(gzip.compress(INDEX.replace("known", "other").encode(), mtime=1), True)
    assert b"other" in gzip.decompress(other)
    assert b"other" not in gzip.decompress(first)


@pytest.mark.parametrize("path", ["/instruments/a.1.js", "/lab/instruments/a.1.js"])
@pytest.mark.parametrize("accept", ["gzip", "identity"])
def test_our_own_scripts_are_answered_wherever_the_app_is(folder, path, accept):
    """Also without compression: Streamlit does not have them."""
    scripts = {"instruments/a.1.js": SCRIPT.encode()}
    status, headers, body = _ask(folder, path, accept, scripts=scripts)
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/javascript")
    assert (gzip.decompress(body) if accept == "gzip" else body) == SCRIPT.encode()
    assert headers["cache-control"] == delivery.CACHING
    assert _ask(folder, "/instruments/other.js", accept, scripts=scripts)[0] == 404


def test_what_is_written_is_sent_at_once(folder):
    """Streamlit listens on a socket that names no protocol, and for such a one asyncio lets messages wait."""
    told = []

    async def streamlit(scope, receive, send):
        connection = receive.__self__.transport.get_extra_info("socket")
        told.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(
        uvicorn.Config(delivery.Delivery(streamlit, folder), lifespan="off", log_level="error")
    )
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=10).close()
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
    assert told == [1]


def test_what_is_no_question_for_a_page_is_left_to_streamlit(folder):
    asked = []

    async def streamlit(scope, receive, send):
        asked.append((scope["type"], scope.get("method")))

    app = delivery.Delivery(streamlit, folder)
    for scope in ({"type": "lifespan"}, {"type": "http", "method": "POST", "path": "/"}):
        run_alone(app(scope, None, None))
    assert asked == [("lifespan", None), ("http", "POST")]


def test_pages_that_never_come_again_are_not_kept_for_ever(folder):
    app = delivery.Delivery(None, folder)
    pages = [
        app._kept(INDEX.replace("known", f"other{i}").encode(), False) for i in range(3 * delivery.MOST_PAGES)
    ]
    assert len(app._pages) <= delivery.MOST_PAGES
    assert all(f"other{i}".encode() in page for i, page in enumerate(pages))
