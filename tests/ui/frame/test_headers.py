"""What every answer tells the browser, and for which names the server answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.frame.coroutines import run_alone
from ui.frame.headers import SafeHeaders

ROOT = Path(__file__).parents[3]


def asked(query, kind="http"):
    """Return the headers of an answer, and what is inside was asked with."""
    sent = []

    async def inside(scope, receive, send):
        await send(
            {
                "type": f"{kind}.response.start",
                "status": 404,
                "headers": [(b"x-content-type-options", b"none"), (b"own", b"1")],
            }
        )
        await send({"type": f"{kind}.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    run_alone(SafeHeaders(inside)({"type": kind, "query_string": query}, None, send))
    assert [message["type"] for message in sent] == [f"{kind}.response.start", f"{kind}.response.body"]
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


@pytest.mark.parametrize(
    ("query", "may_be_framed"),
    [(b"", False), (b"embed=true", True), (b"lang=zh&embed=true&x=1", True), (b"embed=false", False), (b"embed=true&embed=false", False),
     (b"notembed=true", False), (b"\xff\xfe=%", False)],
)  # fmt: skip
def test_every_answer_says_what_may_be_loaded_and_who_may_frame_it(query, may_be_framed):
    headers = asked(query)
    assert len(headers) == len(dict(headers)), "each of them once"
    said = dict(headers)
    assert said["own"] == "1"
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"
    policy = {rule.split()[0]: rule.split()[1:] for rule in said["content-security-policy"].split("; ")}
    assert policy["default-src"] == ["'self'"]
    assert not [
        source for sources in policy.values() for source in sources if "http" in source or source == "*"
    ]
    assert policy.get("frame-ancestors") == (None if may_be_framed else ["'self'"])


def test_what_is_no_answer_is_left_alone():
    assert dict(asked(b"", "websocket")) == {"x-content-type-options": "none", "own": "1"}


ASK = """
import asyncio
import app

async def inside(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})

async def send(message):
    if "status" in message:
        print(message["status"])

asked = inside
for one in reversed(app.app._user_middleware):
    asked = one.cls(asked, *one.args, **one.kwargs)
for host in (b"lab.example.org", b"a.school.example:8501", b"evil.example"):
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", host)]}
    asyncio.run(asked(scope, None, send))
"""


@pytest.mark.parametrize(
    ("hosts", "statuses"), [(None, "200 200 200"), ("lab.example.org,*.school.example", "200 200 400")]
)
def test_the_server_answers_only_for_its_names_where_they_are_given(hosts, statuses):
    env = {name: value for name, value in os.environ.items() if name != "SOFTMAX_LAB_HOSTS"}
    env |= {"SOFTMAX_LAB_HOSTS": hosts} if hosts else {}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == statuses.split()
