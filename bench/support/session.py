"""A learner without a browser: speaks Streamlit's own messages, as its page in the browser does.

A browser that paints would take the processors that are to be measured. :class:`Talk` knows what is said and needs no
connection, so that a bench of a hundred learners can carry it as it likes; :class:`Session` is one learner at a websocket.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SUBPROTOCOL = "streamlit"
LONGEST_WAIT = 120.0
"""Seconds until a run that does not end is an error."""
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_TRIGGERS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget of a component's triggers


@dataclass
class Run:
    """What came back from one run of the script, or of a fragment.

    ``largest`` has the bytes of the largest message, ``texts`` what stands on the page between its controls, in its order. ``kinds`` and ``sizes`` count messages and bytes by kind: the name of an element ("markdown", "plotly_chart"), "block",
    "reference" for an element that the browser still has, or the name of another message ("new_session").
    """

    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    elements: int = 0
    largest: int = 0
    texts: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """How many messages came."""
        return self.kinds.total()

    @property
    def bytes(self) -> int:
        """How many bytes came."""
        return self.sizes.total()


@dataclass(frozen=True)
class Widget:
    """An element with a key: where it stands, and what it shows."""

    id: str
    element: Element
    fragment: str


class Talk:
    """What one learner says and hears; connections are the caller's.

    Parameters
    ----------
    page, query
        What stands behind the slash, and behind the question mark.
    language, theme
        What the browser tells of itself: "en-US", "light".
    """

    def __init__(
        self, page: str = "", query: str = "", language: str = "en-US", theme: str = "light"
    ) -> None:
        self.query = query
        self.widgets: dict[str, Widget] = {}
        """Those that the last runs drew, by key: buttons, controls, components, charts."""
        self.polled: set[str] = set()
        """Fragments that the page runs again and again by itself."""
        self.urls = FileURLs()
        """Where the server takes the file that was asked for last."""
        self.begun = 0
        """How many runs have begun."""
        self._context = {"locale": language, "color_scheme": theme, "timezone": "UTC"}
        self._page = page  # the name, until the server has told the page's hash
        self._hash = ""
        self._hashes: dict[str, str] = {}  # of all pages, by address
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}  # cached messages, and the run of their last use
        self._runs, self._oldest = 0, 2
        self._asked: tuple[str, float] | None = None  # the fragment, and when
        self._run = Run()

    def rerun(self, fragment: str = "", forged: Iterable[WidgetState] = (), **extra: Any) -> bytes:
        """Return the message that asks for a run of the page, or of one fragment by its id.

        ``forged`` are states of widgets that take the place of those that the browser would send.
        """
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string, ask.fragment_id = self.query, fragment
        ask.page_script_hash, ask.page_name = self._hash, "" if self._hash else self._page
        states = self._states | {state.id: state for state in forged}
        ask.widget_states.widgets.extend(states.values())
        ask.cached_message_hashes.extend(self._kept)
        for name, value in self._context.items():
            setattr(ask.context_info, name, value)
        for name, value in extra.items():
            setattr(ask, name, value)
        self._asked, self._run = (fragment, time.perf_counter()), Run()
        return message.SerializeToString()

    def ask_where(self, name: str) -> bytes:
        """Return the message that asks where a file may be sent; the answer comes into ``urls``."""
        message = BackMsg()
        message.file_urls_request.file_names.append(name)
        return message.SerializeToString()

    def choose_file(self, key: str, name: str, size: int) -> bytes:
        """Return the message of a file that was sent to ``urls``."""
        widget = self.widgets[key]
        state = self._states[widget.id] = WidgetState(id=widget.id)
        files = state.file_uploader_state_value.uploaded_file_info
        files.add(file_id=self.urls.file_id, name=name, size=size, file_urls=self.urls)
        return self.rerun(widget.fragment)

    def press(self, key: str) -> bytes:
        """Return the message of a click on a button."""
        return self._once(key, trigger_value=True)

    def choose(self, key: str, value: bool | float | str | list[str] | list[float]) -> bytes:
        """Return the message of a control of Streamlit's that was set to ``value``.

        Lists are for sliders (numbers) and for choices by text: one text in a list for rows of buttons and select sliders.
        """
        widget = self.widgets[key]
        state = WidgetState(id=widget.id)
        match value:
            case bool():
                state.bool_value = value
            case str():
                state.string_value = value
            case list() if value and isinstance(value[0], str):
                state.string_array_value.data.extend(value)
            case list():
                state.double_array_value.data.extend(value)
            case _ if widget.element.number_input.data_type == 0:
                state.int_value = int(value)
            case _:
                state.double_value = value
        self._states[widget.id] = state
        return self.rerun(widget.fragment)

    def send(self, key: str, **values: Any) -> bytes:
        """Return the message of a component that has set its state: ``send("training_rate_live", state={...})``."""
        widget = self.widgets[key]
        before = self._states.get(widget.id)
        now = (json.loads(before.json_value) if before else {}) | values
        self._states[widget.id] = WidgetState(id=widget.id, json_value=json.dumps(now))
        return self.rerun(widget.fragment)

    def trigger(self, key: str, event: str, value: Any) -> bytes:
        """Return the message of a component that has set a trigger."""
        told = json.dumps([{"event": event, "value": value}])
        return self._once(key, _TRIGGERS.format(self.widgets[key].id), json_trigger_value=told)

    def _once(self, key: str, name: str = "", **value: Any) -> bytes:
        widget = self.widgets[key]
        state = WidgetState(id=name or widget.id, **value)
        self._states[state.id] = state
        message = self.rerun(widget.fragment)
        del self._states[state.id]
        return message

    def go(self, page: str, query: str = "") -> bytes:
        """Return the message of a click on a page of the menu."""
        self._hash, self.query = self._hashes[page], query
        self._states.clear()
        return self.rerun()

    def data(self, key: str) -> dict[str, Any]:
        """Return what Python has sent to a component."""
        sent: dict[str, Any] = json.loads(self.widgets[key].element.bidi_component.bytes)
        return sent

    def shown(self, key: str) -> bytes:
        """Return what a widget shows: the value of a control; of an instrument or a chart all that Python has sent."""
        widget = self.widgets[key]
        state = self._states.get(widget.id)
        if state is None or widget.element.WhichOneof("type") == "bidi_component":
            return widget.element.SerializeToString(deterministic=True)
        return state.SerializeToString(deterministic=True)

    def hear(self, payload: bytes) -> Run | None:
        """Take one message of the server; return the run that it ends, or None while the run goes on.

        A run that ends early because another follows, as with st.rerun(), goes on.
        """
        answer = ForwardMsg.FromString(payload)
        kind = answer.WhichOneof("type") or ""
        if kind == "ref_hash":
            answer = self._remembered(answer)
            self._count("reference", len(payload))
        elif kind == "delta":
            delta = answer.delta
            name = (
                delta.new_element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else "block"
            )
            self._count(name or "", len(payload))
        else:
            self._count(kind, len(payload))
        if answer.metadata.cacheable:
            self._kept[answer.hash] = (answer, self._runs)
        if answer.WhichOneof("type") == "delta":
            self._see(answer)
        elif kind == "new_session":
            self.begun += 1
            self._oldest = answer.new_session.config.max_cached_message_age
            self._run.texts.clear()  # a run that ended early for this one has left nothing on the page
            if not self._asked or not self._asked[0]:
                self.widgets = {}
                self.polled.clear()
        elif kind == "file_urls_response":
            self.urls.CopyFrom(answer.file_urls_response.file_urls[0])
        elif kind == "auto_rerun":
            self.polled.add(answer.auto_rerun.fragment_id)
        elif kind == "navigation":
            self._hash = answer.navigation.page_script_hash
            self._hashes = {page.url_pathname: page.page_script_hash for page in answer.navigation.app_pages}
        elif kind == "script_finished" and answer.script_finished in _ENDS:
            return self._ended()
        elif kind == "script_finished":  # for a run of the whole page
            self.polled.clear()
        return None

    def _count(self, kind: str, size: int) -> None:
        self._run.kinds[kind] += 1
        self._run.sizes[kind] += size
        self._run.largest = max(self._run.largest, size)

    def _remembered(self, reference: ForwardMsg) -> ForwardMsg:
        kept, _last = self._kept[reference.ref_hash]
        self._kept[reference.ref_hash] = (kept, self._runs)
        answer = ForwardMsg()
        answer.CopyFrom(kept)
        answer.metadata.CopyFrom(reference.metadata)
        return answer

    def _see(self, answer: ForwardMsg) -> None:
        if answer.delta.WhichOneof("type") != "new_element":
            return
        self._run.elements += 1
        element = answer.delta.new_element
        kind = element.WhichOneof("type") or ""
        inner = getattr(element, kind, None)
        if kind == "exception":
            self._run.exceptions.append(f"{element.exception.type}: {element.exception.message}")
        elif kind in ("markdown", "html"):
            self._run.texts.append(inner.body)
        name = getattr(inner, "id", "")
        if isinstance(name, str) and name.startswith("$$ID-"):
            widget = Widget(name, element, answer.delta.fragment_id)
            self.widgets[name.split("-", 2)[2]] = widget
            state = _shown(widget)
            if state is not None and (state.id not in self._states or getattr(inner, "set_value", False)):
                self._states[state.id] = state

    def _ended(self) -> Run:
        fragment, begin = self._asked or ("", time.perf_counter())
        self._run.seconds = time.perf_counter() - begin
        self._runs += 1
        for name, (message, last) in list(self._kept.items()):
            if self._runs - last > self._oldest and fragment in ("", message.delta.fragment_id):
                del self._kept[name]
        if not fragment:
            ids = {widget.id for widget in self.widgets.values()}
            self._states = {name: state for name, state in self._states.items() if name in ids}
        return self._run


def _shown(widget: Widget) -> WidgetState | None:
    """Return what the browser says of a control that nobody has touched: what it shows."""
    kind = widget.element.WhichOneof("type")
    state = WidgetState(id=widget.id)
    if kind == "slider":
        one = widget.element.slider
        numbers = one.value if one.set_value else one.default
        if one.type == Slider.SELECT_SLIDER:
            state.string_array_value.data.extend(
                one.raw_value if one.set_value else [one.options[int(i)] for i in numbers]
            )
        else:
            state.double_array_value.data.extend(numbers)
    elif kind == "button_group":
        row = widget.element.button_group
        texts = row.raw_values if row.set_value else [row.options[i].content for i in row.default]
        state.string_array_value.data.extend(texts)
    elif kind in ("selectbox", "radio"):
        some = getattr(widget.element, kind)
        if some.set_value:
            state.string_value = some.raw_value
        elif some.HasField("default"):
            state.string_value = some.options[some.default]
    elif kind == "checkbox":
        box = widget.element.checkbox
        state.bool_value = box.value if box.set_value else box.default
    elif kind == "number_input":
        typed = widget.element.number_input
        value = typed.value if typed.set_value else typed.default
        if typed.data_type == 0:
            state.int_value = int(value)
        else:
            state.double_value = value
    elif kind in ("text_input", "text_area"):
        text = getattr(widget.element, kind)
        state.string_value = text.value if text.set_value else text.default
    else:
        return None
    return state


class Session:
    """One learner at a server; the page is open when it is made.

    Parameters
    ----------
    url
        ``http://127.0.0.1:PORT``.
    page
        What stands behind the slash.
    query
        What stands behind the question mark, as a text or a mapping.
    how
        As for :class:`Talk`: ``language``, ``theme``.
    """

    def __init__(self, url: str, page: str = "", query: str | Mapping[str, str] = "", **how: str) -> None:
        self.url = url
        self.cookie = ""
        """What the server, or the proxy before it, has asked this browser to keep: "name=value"."""
        self.talk = Talk(page, query if isinstance(query, str) else urlencode(query), **how)
        self._open = ExitStack()
        self._connect()
        self.opened = self.rerun()

    def _connect(self) -> None:
        way = connect(
            stream(self.url),
            subprotocols=[SUBPROTOCOL],
            max_size=None,
            origin=self.url,
            compression=None,  # type: ignore[list-item,arg-type]
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
        )
        self._socket = self._open.enter_context(way)
        asked = self._socket.response.headers.get("Set-Cookie") if self._socket.response else None
        self.cookie = asked.partition(";")[0] if asked else self.cookie

    def close(self) -> None:
        """Leave, as one who closes the tab."""
        self._open.close()

    def reconnect(self) -> Run:
        """Wait until the server has gone, connect anew and say what the page holds, as a browser does."""
        with suppress(ConnectionClosed):
            while True:
                self._socket.recv(timeout=LONGEST_WAIT)
        self._connect()
        return self.rerun()

    def has(self, *keys: str) -> bool:
        """Whether the page shows widgets with these keys."""
        return all(key in self.talk.widgets for key in keys)

    def seen(self, run: Run) -> object:
        """Return all that the page shows after a run of it.

        Only what is another one each time is left out: the number of the run, and the name that drawn points give a session.
        """
        shown = {key: re.sub(rb'"session":"\w+"', b"", self.talk.shown(key)) for key in self.talk.widgets}
        return shown, [re.sub(r"/\* run \d+ \*/", "", text) for text in run.texts]

    def rerun(self, fragment_of: str = "") -> Run:
        """Run the page, or only the fragment in which the widget with this key stands."""
        return self.ask(self.talk.rerun(self.talk.widgets[fragment_of].fragment if fragment_of else ""))

    def press(self, key: str) -> Run:
        """Press a button."""
        return self.ask(self.talk.press(key))

    def choose(self, key: str, value: Any) -> Run:
        """Set a control of Streamlit's."""
        return self.ask(self.talk.choose(key, value))

    def send(self, key: str, **values: Any) -> Run:
        """Let a component set its state."""
        return self.ask(self.talk.send(key, **values))

    def move(self, board: str, **state: Any) -> Run:
        """Let a hand move a board and come to rest; what is not named stays as it is."""
        data = self.talk.data(board)
        return self.send(
            board, state={**data["state"], "revision": data["revision"], "resting": True, **state}
        )

    def upload(self, key: str, name: str, content: bytes) -> Run:
        """Choose a file."""
        with urlopen(f"{self.url}/_stcore/health") as answer:  # names the token that an upload has to bring
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
        urls = self.talk.urls = FileURLs()
        self._socket.send(self.talk.ask_where(name))
        while not urls.file_id:
            self.talk.hear(cast(bytes, self._socket.recv(timeout=LONGEST_WAIT)))
        line = b"--edge"
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode()
        body = b"\r\n".join([line, head, b"", content, line + b"--", b""])
        headers = {
            "Content-Type": "multipart/form-data; boundary=edge", "Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2],
        }  # fmt: skip
        request = Request(self.url + urls.upload_url, body, headers, method="PUT")
        with urlopen(request):
            return self.ask(self.talk.choose_file(key, name, len(content)))

    def trigger(self, key: str, event: str, value: Any) -> Run:
        """Let a component set a trigger."""
        return self.ask(self.talk.trigger(key, event, value))

    def go(self, page: str, query: str = "") -> Run:
        """Go to another page by the menu."""
        return self.ask(self.talk.go(page, query))

    def ask(self, message: bytes) -> Run:
        """Send a message of `talk`, and wait for the end of the run."""
        self._socket.send(message)
        while True:
            payload = self._socket.recv(timeout=LONGEST_WAIT)
            run = self.talk.hear(payload if isinstance(payload, bytes) else payload.encode())
            if run is not None:
                return run


def stream(url: str) -> str:
    """Return the address of the websocket of a server."""
    return url.replace("http", "ws", 1) + "/_stcore/stream"


def mean_of(runs: Iterable[Run], what: str) -> float:
    """Return the mean of a number of runs, such as "bytes"."""
    values = [float(getattr(run, what)) for run in runs]
    return sum(values) / len(values)
