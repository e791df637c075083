"""A reader without a browser: speaks to a Streamlit server over its own websocket and times its answers.

A browser that paints for several readers would take the processors that are to be measured.
"""

from __future__ import annotations

import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


class Reader:
    """One session on one page.

    Parameters
    ----------
    url
        ``http://127.0.0.1:PORT``.
    page, query
        What stands behind the slash, and behind the question mark.

    ``exceptions`` collects what the server shows as such on the page.
    """

    def __init__(self, url: str, page: str, query: str = "") -> None:
        self._page = page
        self._query = query
        self._widgets: dict[str, str] = {}
        self.exceptions: list[str] = []
        address = url.replace("http://", "ws://") + "/_stcore/stream"
        self._socket = connect(address, subprotocols=["streamlit"], max_size=None, origin=url)  # type: ignore[list-item,arg-type]
        self.run()

    def close(self) -> None:
        """Leave, as one who closes the tab."""
        self._socket.close()

    def has(self, key: str) -> bool:
        """Whether the last run drew a button with this key."""
        return key in self._widgets

    def press(self, key: str) -> float:
        """Press the button with this key; return the seconds of the run that follows."""
        return self.run(self._widgets[key])

    def run(self, pressed: str | None = None) -> float:
        """Ask for a run of the whole page; return the seconds until the server says that it has finished."""
        message = BackMsg()
        message.rerun_script.page_name = self._page
        message.rerun_script.query_string = self._query
        if pressed is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        begin = time.perf_counter()
        self._socket.send(message.SerializeToString())
        self._widgets = {}
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self._socket.recv(timeout=120))  # type: ignore[arg-type]
            kind = answer.WhichOneof("type")
            if kind == "delta":
                self._note(answer)
            # st.rerun() ends a run early and begins the next one: that is no end yet.
            if kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - begin

    def _note(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.exceptions.append(f"{element.exception.type}: {element.exception.message}")
        if answer.delta.WhichOneof("type") == "new_element" and element.WhichOneof("type") == "button":
            # Streamlit's ids end in the key.
            self._widgets[element.button.id.rsplit("-", 1)[-1]] = element.button.id
