"""What deploy/ promises: two replicas behind nginx, one of which dies while learners work on it, and comes back.

No `page` of the other tests: the browser may say in its console that it has lost its server. With SOFTMAX_LAB_COMPOSED set to
the address of what compose.yaml has started (http://127.0.0.1:8080) its containers are asked, killed and started again.
"""

import gzip
import http.client
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from email.message import Message
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import find_nginx
import pytest
from lesson import open_lesson
from playwright.sync_api import Browser, Locator, Page, expect
from proxy import DEPLOY, Proxy
from server import Server
from test_logit_board import EVERYTHING, handle, python_has
from test_practice import at, question
from test_training_data import place
from test_training_stage import button, opened, stage
from waits import query_has, quiet

from bench.support.learners import POLL, stop_of
from bench.support.session import Run, Session

COOKIE = "softmax_lab_replica"
# What learners without a browser open, and what one hand then changes: an instrument, and its new numbers.
LESSONS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("", "", "", {}),
    ("softmax", "softmax_board_z=2~1~0.1~-3&softmax_panel=log", "softmax_board", {"logits": [2, 1.5, 0.1, -3]}),
    ("loss", "loss_panel=compare", "loss_board", {"target": 1}),
    ("linear_layer", "linear_layer_panel=boundary", "linear_layer_pad", {"x": [0.9, 0.2, 0.1, 0.2]}),
    ("information", "information_panel=entropy&lang=zh", "information_board", {"p": [0.25, 0.25, 0.25, 0.25]}),
    ("training", "training_data=moons&training_n=100&training_panel=settings&training_edits=a1_0.25_-0.5*e3_4", "", {}),
    ("training", "training_panel=settings", "training_rate_live", {"value": 0.5, "number": 1}),
    ("hidden_layer", "hidden_layer_units=5&hidden_layer_panel=curves", "hidden_layer_rate_live", {"value": 0.5, "number": 1}),
    ("images", "images_challenge_open=draw", "images_pad", {"drawing": "gAzQEawEa.mazmfN"}),
    ("text", "text_challenge_open=sure", "text_board", {"text": "beautiful, excellent, awful", "target": 2, "out": [2]}),
    ("practice", "practice_seed=42", "practice", {"answers": ["loss:0.5"]}),
)  # fmt: skip
LEARNERS = 4 * len(LESSONS)
OWN = "x,y,kind\n1,2,a\n2,1,a\n1,1,a\n5,6,b\n6,5,b\n6,6,b\n"


class Lab:
    """Two replicas behind nginx, each started and stopped by `until`."""

    def __init__(self, nginx: str, folder: Path, until: ExitStack) -> None:
        self._folder = folder
        self._until = until
        self.replicas = {name: self._started(name) for name in "12"}
        self._proxy = Proxy(nginx, folder, list(self.replicas.values()))
        until.callback(self._proxy.stop)
        self.url = self._proxy.url

    def kill(self, name: str) -> None:
        """End a replica as a machine that loses its power does."""
        self.replicas[name].kill()

    def bring_back(self, name: str) -> None:
        """Start a replica anew at the address that it had."""
        self.replicas[name] = self._started(f"{name}_again", self.replicas[name].port)

    def _started(self, name: str, port: int | None = None) -> Server:
        server = Server(self._folder / f"replica{name}.txt", port=port)
        self._until.callback(server.stop)
        return server

    def complaints(self) -> str:
        """Tracebacks in the logs of all replicas, those that were killed too."""
        logs = (file.read_text(errors="replace") for file in self._folder.glob("replica*.txt"))
        return "".join(text for text in logs if "Traceback" in text)


class Composed(Lab):
    """What compose.yaml has started; it is left with both replicas running."""

    def __init__(self, url: str) -> None:
        self.url = url
        service = "label=com.docker.compose.service=replica{}"
        self._names = {name: docker("ps", "-aqf", service.format(name)).strip() for name in "12"}

    def kill(self, name: str) -> None:
        docker("kill", self._names[name])

    def bring_back(self, name: str) -> None:
        docker("start", self._names[name])
        while docker("inspect", "-f", "{{.State.Health.Status}}", self._names[name]).strip() != "healthy":
            time.sleep(0.5)

    def complaints(self) -> str:
        logs = (docker("logs", name) for name in self._names.values())
        return "".join(text for text in logs if "Traceback" in text)


def docker(*words: str) -> str:
    """What Docker's command says, of either kind."""
    said = subprocess.run(
        ["docker", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    return said.stdout


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    if url := os.environ.get("SOFTMAX_LAB_COMPOSED"):
        composed = Composed(url)
        yield composed
        for name in "12":
            composed.bring_back(name)
        assert not composed.complaints()
        return
    nginx = find_nginx.installed()
    if nginx is None:
        pytest.fail(f"{find_nginx.MISSING} `make test` fetches it: tools/find_nginx.py.")
    with ExitStack() as until:
        lab = Lab(nginx, tmp_path_factory.mktemp("deploy"), until)
        yield lab
    assert not lab.complaints()


@pytest.fixture
def learners(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Pages of two browsers that fail the test when a policy keeps them from anything, or when they meet an error of ours."""
    troubles: list[str] = []

    def come() -> Page:
        page = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 800}).new_page()
        page.on(
            "console", lambda line: troubles.append(line.text) if "Security Policy" in line.text else None
        )
        page.on("pageerror", lambda error: troubles.append(f"uncaught: {error}"))
        return page

    pages = come(), come()
    yield pages
    for page in pages:
        page.context.close()
    assert not troubles, "\n".join(troubles)


def asked(lab: Lab, path: str) -> tuple[bytes, Message]:
    """What nginx answers to a browser that understands gzip, and the headers."""
    request = urllib.request.Request(lab.url + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
        return gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body, answer.headers


def connected(lab: Lab) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection(urlsplit(lab.url).netloc, timeout=20))


def status(lab: Lab, path: str, method: str = "GET", length: int = 0) -> int:
    """The status of an answer; of what would be sent only the length is told."""
    with connected(lab) as connection:
        connection.putrequest(method, path)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        with connection.getresponse() as answer:
            return answer.status


def new_session(lab: Lab, until: ExitStack) -> str:
    """Open a websocket as a browser that has never been here; return the replica that nginx names."""
    connection = until.enter_context(connected(lab))
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
    connection.request(
        "GET", "/_stcore/stream", headers={"Connection": "Upgrade", "Upgrade": "websocket", **key}
    )
    answer = until.enter_context(connection.getresponse())
    assert answer.status == 101
    name = re.match(rf"{COOKIE}=(\w+); Path=/; HttpOnly; SameSite=Lax$", answer.headers["Set-Cookie"])
    assert name is not None
    return name[1]


def test_the_page_and_its_files_travel_well(lab: Lab) -> None:
    html, headers = asked(lab, "/softmax")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert headers["Content-Security-Policy"].endswith("; frame-ancestors 'self'")
    assert "Set-Cookie" not in headers  # no session yet
    script = re.search(rb'src="\.(/static/js/index\.\w+\.js)"', html)
    assert script is not None
    code, headers = asked(lab, script[1].decode())
    assert int(headers["Content-Length"]) < len(code) / 2
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    assert "max-age=31536000" in headers["Cache-Control"]
    for frame in ("/softmax?embed=true", "/softmax?lang=zh&embed=true"):
        assert "frame-ancestors" not in asked(lab, frame)[1]["Content-Security-Policy"]
    # The longest links, also where Streamlit sends the browser on.
    assert status(lab, f"/softmax?x={'a' * 15_900}") == 200
    assert status(lab, f"/softmax/?x={'a' * 15_900}") == 301
    assert status(lab, "/_stcore/metrics") == status(lab, "/_stcore/agent/mcp") == 404
    assert status(lab, "/_stcore/upload_file/a/b", "PUT", 202 * 2**20) == 413
    assert status(lab, "/softmax", "POST", 2**20) == 413


def replica_of(page: Page) -> str:
    """The replica that holds this learner's session, as the browser knows it."""
    return next((c["value"] for c in page.context.cookies() if c["name"] == COOKIE), "")


def view(page: Page) -> list[object]:
    """What a learner looks at: the address, the numbers of the stage, the setting, the names on the chart."""
    instrument = stage(page)
    numbers = [instrument.get_attribute(name) for name in ("data-step", "data-loss", "data-points")]
    return [page.url, *numbers, rate(page).get_attribute("aria-valuetext")]


def rate(page: Page) -> Locator:
    return page.get_by_role("slider", name="Learning rate")


def panel(page: Page, name: str) -> Locator:
    return page.locator(".st-key-training_panel").get_by_role("radio", name=name)


class Crowd:
    """Learners at websockets, each with something changed on the page; `moved` has those whose replica is to end."""

    def __init__(self, lab: Lab) -> None:
        self._hands = ThreadPoolExecutor(LEARNERS)
        self._arriving = [self._hands.submit(arrived, lab, *lesson) for lesson in LESSONS * 4]

    @cached_property
    def views(self) -> dict[Session, object]:
        """All of them, when all have arrived, and what each has before him."""
        return dict(future.result() for future in self._arriving)

    def on(self, name: str) -> list[Session]:
        """Return those whose cookie names this replica."""
        return [session for session in self.views if session.cookie == f"{COOKIE}={name}"]

    def outlive(self, name: str) -> dict[Session, Future[tuple[float, object]]]:
        """Let those on a replica connect again as soon as it is gone; return when each is answered, and what he sees then."""

        def again(session: Session) -> tuple[float, object]:
            run = settled(session, session.reconnect())
            return time.monotonic(), session.seen(run)

        return {session: self._hands.submit(again, session) for session in self.on(name)}

    def close(self) -> None:
        """Close all tabs."""
        for session in self.views:
            session.close()
        self._hands.shutdown()


def arrived(
    lab: Lab, page: str, link: str, instrument: str, values: dict[str, object]
) -> tuple[Session, object]:
    """A learner who has opened a lesson and changed something there, and what he sees."""
    session = Session(lab.url, page, link)
    settled(session, session.opened)
    if instrument.endswith("_live"):
        session.send(instrument, state=values)
    elif instrument:
        session.move(instrument, **values)
    return session, session.seen(settled(session, session.rerun()))


def settled(session: Session, run: Run) -> Run:
    """A run for which nothing is still computed: else it is asked for again, as the page does."""
    while stop := stop_of(session.talk):
        time.sleep(POLL)
        session.ask(session.talk.rerun(session.talk.widgets.pop(stop).fragment))
        run = session.rerun()
    assert not run.exceptions
    return run


# What Streamlit says of itself, and when: a new session runs once or twice, and then stands still.
STATES = """() => {
  const app = document.querySelector(".stApp");
  const note = () => { window.labState = [`${app.dataset.testConnectionState} ${app.dataset.testScriptState}`, performance.now()]; };
  new MutationObserver(note).observe(app, { attributes: true });
  note();
}"""
STANDS = (
    """() => window.labState[0] === "CONNECTED notRunning" && performance.now() - window.labState[1] > 1000"""
)


def lose(lab: Lab, page: Page, name: str) -> float:
    """A replica dies, and its learner is connected with another; return the moment of its death."""
    with page.expect_websocket():
        begin = time.monotonic()
        lab.kill(name)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
    return begin


def draw(page: Page, across: float, down: float) -> None:
    """Add a point of the first class to the stage."""
    button(page, "Add points").click()
    page.mouse.click(*place(page, across, down))


def answer(page: Page, lab: Lab, code: str) -> None:
    """Open a question of sheet 42 and answer it right."""
    at(page, lab, code, 42)
    field = page.get_by_label("Your prediction")
    field.fill(str(question(code, 42).answer))
    field.press("Enter")


def move(page: Page, z: float) -> None:
    """Move a logit by a key; the board and Python's table show where it is then."""
    handle(page, 1).press("ArrowRight")
    has_moved(page, z)


def has_moved(page: Page, z: float) -> None:
    expect(handle(page, 1)).to_have_attribute("aria-valuenow", f"{z:g}")
    python_has(page, 1, z)
    query_has(page, {"softmax_board_z": f"2~{z:g}~0.1", "softmax_panel": "log"})


def test_a_replica_dies_and_its_learners_go_on(lab: Lab, learners: tuple[Page, Page], tmp_path: Path) -> None:
    page, second = learners
    with closing(Crowd(lab)) as crowd:
        # A setting is changed.
        instrument = opened(page, lab, "training_data=moons&training_panel=settings&training_stage_step=40")
        home = replica_of(page)
        loss = instrument.get_attribute("data-loss") or ""
        rate(page).press("ArrowRight")
        expect(instrument).not_to_have_attribute("data-loss", loss)
        page.wait_for_function("() => location.search.includes('training_rate=')")
        # Another browser is on the other replica, and so are half of those who have no browser.
        (other,) = {"1", "2"} - {home}
        second.context.add_cookies([{"name": COOKIE, "value": other, "url": lab.url}])
        open_lesson(second, f"{lab.url}/softmax{EVERYTHING}", "logit-board", "logits")
        move(second, 1.1)
        assert min(len(crowd.on(name)) for name in "12") > LEARNERS / 4
        quiet(page, 200)
        before = view(page)

        # A replica dies: its learners are on the other one, see the same, and work on.
        page.evaluate(STATES)
        moved = crowd.outlive(home)
        begin = lose(lab, page, home)
        page.wait_for_function(STANDS)
        assert view(page) == before
        rate(page).press("ArrowRight")
        expect(instrument).not_to_have_attribute("data-loss", str(before[2]))
        assert time.monotonic() - begin < 10
        for session, answered in moved.items():
            when, shown = answered.result()
            assert when - begin < 10
            assert shown == crowd.views[session]
        # Nobody else has noticed.
        move(second, 1.2)
        assert len(crowd.on(other)) == LEARNERS
        assert replica_of(page) == replica_of(second) == other

        # It comes back, and those who are new come to it; whoever has moved stays.
        lab.bring_back(home)
        with ExitStack() as sessions:
            assert home in {new_session(lab, sessions) for _ in range(4)}

    # A chart, a download and an upload, which only the replica of the session can take.
    panel(page, "Curves").click()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    panel(page, "Export").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the points").click()
    started.value.save_as(tmp_path / "points.csv")
    points = (tmp_path / "points.csv").read_bytes()
    assert points.count(b"\n") > 300
    # A frame in another site sends no cookie, so it asks anybody.
    assert [asked(lab, urlsplit(started.value.url).path)[0] for _ in range(2)] == [points, points]
    panel(page, "Settings").click()
    page.get_by_role("radio", name="Own data").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "own.csv", "mimeType": "text/csv", "buffer": OWN.encode()}
    )
    expect(instrument).to_have_attribute("data-points", "6")
    assert replica_of(page) == other

    # The other one dies with that table, a point drawn on it and an answer in another tab: both tabs go on on the first,
    # and so does the other browser.
    draw(page, 0.3, 0.3)
    expect(instrument).to_have_attribute("data-points", "7")
    page.wait_for_function("() => location.search.includes('training_edits=kept.')")
    sheet = page.context.new_page()
    answer(sheet, lab, "loss")
    expect(sheet.get_by_text("1 of 1 right")).to_be_visible()
    page.bring_to_front()
    page.evaluate(STATES)
    lose(lab, page, other)
    page.wait_for_function(STANDS)
    assert replica_of(page) == home
    expect(instrument).to_have_attribute("data-points", "7")
    draw(page, 0.6, 0.3)
    expect(instrument).to_have_attribute("data-points", "8")
    answer(sheet, lab, "gradient")
    expect(sheet.get_by_text("2 of 2 right")).to_be_visible()
    has_moved(second, 1.2)
    move(second, 1.3)
    assert replica_of(second) == home


def test_the_addresses_are_the_same_everywhere() -> None:
    containers = re.findall(r"ipv4_address: ([\d.]+)", (DEPLOY / "compose.yaml").read_text())
    replicas = (DEPLOY / "replicas.conf").read_text()
    assert len(set(containers)) == len(containers) == 2
    for address in containers:
        assert (
            len(re.findall(rf"server {re.escape(address)}:8501\b", replicas)) == 3
        )  # everyone, itself, backup
        assert rf"~{re.escape(address)}:8501$" in replicas


def test_compose_starts_what_is_tested_and_lets_it_write_nothing() -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    for name in ("nginx.conf", "replicas.conf"):
        assert f"- ./{name}:/etc/softmax-lab/{name}:ro\n" in compose
    assert "-c, /etc/softmax-lab/nginx.conf," in compose
    for line in ("read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]', "- /tmp"):
        assert len(re.findall(rf"^ *{re.escape(line)}(:.*)?$", compose, re.M)) == 2  # the replicas, nginx
