"""What a malicious client sends in the place of Streamlit's own controls: it need not keep to what a control offers.

`forged` makes values for a control on a page, `send` sends one as a browser does and says what is wrong with what came of it.
"""

from __future__ import annotations

import math
import random
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import fragment
from streamlit.runtime.scriptrunner import exec_code
from streamlit.testing.v1 import AppTest

from tests.hostile.corpus import INJECTIONS

PAGES = [
    ("softmax", "softmax_panel=precision"), ("loss", "loss_panel=labels"), ("linear_layer", "linear_layer_panel=batch"),
    ("training", "training_panel=settings"), ("training", "training_data=own&training_panel=settings"), ("training", "training_panel=diagnostics"),
    ("training", "training_mode=race"), ("images", "images_panel=look"), ("information", "information_panel=surprise"), ("practice", ""),
    ("slips", ""), ("home", ""), ("training", "training_panel=takeaway&training_form=run"), ("text", "text_corpus=own"),
]  # fmt: skip
NUMBERS = [math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, -1.0, 0.5, 2.0**53, 1e300]
LONG = "x" * 10_000_000
TEXTS = ["", "x", "\0", "9" * 5000, "-1", "None", LONG, *INJECTIONS]
KINDS = (
    "slider", "select_slider", "number_input", "selectbox", "radio", "toggle", "checkbox", "button", "button_group", "text_area", "text_input",
    "file_uploader",
)  # fmt: skip


def controls(app: AppTest) -> list[Any]:
    """Return Streamlit's controls on the page."""
    return [one for kind in KINDS for one in app.get(kind)]


def forged(rng: random.Random, control: Any) -> tuple[WidgetState, bool]:
    """Return a value that the control does not offer, and whether it is of the control's own type."""
    state, kind = WidgetState(id=control.proto.id), control.type
    if rng.random() < 0.25:
        kind = rng.choice([one for one in ("slider", "selectbox", "toggle", "int", "button", "json", "file_uploader", "bytes") if one != kind])  # fmt: skip
    if kind == "slider":
        state.double_array_value.data.extend(_several(rng, NUMBERS))
    elif kind in ("select_slider", "button_group"):
        state.string_array_value.data.extend(_several(rng, TEXTS))
    elif kind in ("selectbox", "radio", "text_area", "text_input"):
        state.string_value = rng.choice(TEXTS)
    elif kind in ("toggle", "checkbox"):
        state.bool_value = rng.random() < 0.5
    elif kind == "button":
        state.trigger_value = True
    elif kind == "json":
        state.json_value = rng.choice(["null", "[]", "{}", "1e999", '"x"'])
    elif kind == "bytes":
        state.bytes_value = b"\xff" * 100
    elif kind == "int" or (kind == "number_input" and control.proto.data_type == 0):
        state.int_value = rng.choice([-1, 0, 2**53, 2**62, -(2**62)])
    elif kind == "number_input":
        state.double_value = rng.choice(NUMBERS)
    else:
        state.file_uploader_state_value.uploaded_file_info.extend(foreign(rng))
    honest = kind == control.type or (kind == "int" and control.type == "number_input")
    return state, honest


def foreign(rng: random.Random) -> list[UploadedFileInfo]:
    """Return files that this session never uploaded."""
    name = rng.choice(["points.csv", "../../etc/passwd.csv", "\0.json", "x" * 5000 + ".csv", "a.exe"])
    one = UploadedFileInfo(
        file_id=rng.choice(["", "x", "../x", "f" * 36]),
        name=name,
        size=rng.choice([0, 2**62]),
        file_urls=FileURLs(file_id="x", upload_url="http://evil.example/", delete_url="/etc/passwd"),
    )
    return [one] * rng.choice([1, 1, 2, 500])


def _several(rng: random.Random, values: Sequence[Any]) -> list[Any]:
    """Return none, some or many values; a text of megabytes comes alone, because Streamlit takes no message over 200 MB."""
    one = rng.choice(values)
    some = [value for value in values if value is not LONG]
    return (
        [one]
        if one is LONG
        else [rng.choice(some) for _value in range(rng.choice([0, 1, 1, 1, 1, 2, 3, 20_000]))]
    )


def unknown(rng: random.Random) -> list[WidgetState]:
    """Return values of controls that the page has not."""
    names = [
        "",
        "x",
        "$$ID-" + "0" * 32 + "-lab_share",
        "$$STREAMLIT_INTERNAL_KEY_x__events",
        "$$WIDGET_ID",
        "\0",
        "x" * 100_000,
    ]
    return [
        WidgetState(id=rng.choice(names), string_value=rng.choice(TEXTS[:6]))
        for _one in range(rng.choice([1, 3, 1000]))
    ]


@contextmanager
def _raised() -> Iterator[list[Exception]]:
    """Collect the exceptions that end a run of the script or of a fragment."""
    found: list[Exception] = []
    before = exec_code.handle_user_script_exception

    def take(error: Exception, _handler: object) -> None:
        found.append(error)

    exec_code.handle_user_script_exception = fragment.handle_user_script_exception = take  # type: ignore[assignment]
    try:
        yield found
    finally:
        exec_code.handle_user_script_exception = fragment.handle_user_script_exception = before


def _is_ours(error: Exception) -> bool:
    """Whether code of this project raised it, and not Streamlit's, which reads and writes values of controls."""
    *_outer, (frame, _line) = traceback.walk_tb(error.__traceback__)
    return "site-packages" not in frame.f_code.co_filename and "frozen" not in frame.f_code.co_filename


def send(app: AppTest, rng: random.Random) -> tuple[str, str, bool]:
    """Send a forged value beside the others; return what it was, what is wrong, and whether the session may be broken.

    A value of another type, or of no control of the page, breaks Streamlit's own reading, and with it the session of
    whoever sent it: no fault of ours.
    """
    control = rng.choice(controls(app))
    state, honest = forged(rng, control)
    more = unknown(rng) if rng.random() < 0.1 else []
    states = app._tree.get_widget_states()
    others = [one for one in states.widgets if one.id != state.id]
    with _raised() as found:
        app._run(WidgetStates(widgets=[*others, state, *more]))
    faults = [one for one in found if _is_ours(one) or (honest and not more)]
    told = f"{control.type} {control.key} {str(state)[:200]!r} and {len(more)} unknown"
    return (
        told,
        "; ".join("".join(traceback.format_exception(one)[-3:]) for one in faults),
        bool(found or more) or not honest,
    )
