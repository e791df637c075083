"""What a run of a page writes into the address bar, read from an AppTest."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def scripts(app: AppTest) -> list[str]:
    """The scripts that write the address, one of each run of the page or of its fragment."""
    bodies = [element.proto.body for element in app.get("html")]
    return [body for body in bodies if "labAddress?.(" in body]


def address(app: AppTest) -> dict[str, Any]:
    """What the last of them is told: ``values`` by parameter, the language and so on."""
    state = scripts(app)[-1].split("labAddress?.(", 1)[1]
    read: dict[str, Any] = json.JSONDecoder().raw_decode(state)[0]
    return read
