"""A query packed into one parameter: deflated and written in letters that addresses never escape."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode

PARAMETER = "q"
MOST_UNPACKED = 40_000
"""Bytes of a query: whoever opens a link can send anything, and a few bytes can unfold to gigabytes."""

_RAW = -15  # of zlib: neither header nor checksum


def as_query(values: Mapping[str, str]) -> str:
    """Write parameters for an address: readable where addresses allow it.

    Examples
    --------
    >>> as_query({"softmax_board_z": "1~-2~0", "lang": "zh"})
    'softmax_board_z=1~-2~0&lang=zh'
    """
    return urlencode(values, quote_via=quote, safe="*,~:")


def pack(values: Mapping[str, str]) -> str:
    """Return parameters as the text of one."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    packed = deflate.compress(as_query(values).encode()) + deflate.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(text: str) -> dict[str, list[str]]:
    """Return what `pack` has packed, each name with all its values.

    Raises
    ------
    ValueError
        If it is something else, or unfolds to more than `MOST_UNPACKED` bytes.

    Examples
    --------
    >>> unpack(pack({"training_rate": "20"}))
    {'training_rate': ['20']}
    """
    inflate = zlib.decompressobj(_RAW)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        query = inflate.decompress(packed, MOST_UNPACKED)
    except zlib.error as error:
        raise ValueError(f"no packed query: {error}") from error
    if not inflate.eof:
        raise ValueError("a packed query that is cut or too long")
    return parse_qs(query.decode(), keep_blank_values=True, strict_parsing=bool(query))
