"""A text as data: what a user, a file or a link brought, written so that it cannot become markup."""

import html as _html
import re

LONGEST = 60
_MARKDOWN = r"\`*_{}[]()#+-.!$~:|"
# What Streamlit looks for once more after the backslashes are read: addresses, icons, arrows and dashes.
_FOUND_LATER = re.compile(
    r"(?<=:)(?=//|material/|streamlit:)|(?<=www)(?=\.)|(?<=@)|(?<=[-<~])(?=[->=])", re.IGNORECASE
)
_JOINER = "\u2060"  # has no width and allows no line break


def html(text: str) -> str:
    """Return ``text`` for HTML, as content of an element or value of a quoted attribute."""
    return _html.escape(text)


def markdown(text: object, longest: int = LONGEST) -> str:
    r"""Return ``text`` for Streamlit's Markdown, which then shows it letter by letter, on one line.

    A backslash stands before each sign of Markdown; a joiner that nobody sees parts what Streamlit would still make a
    link, an icon or an arrow of.

    Parameters
    ----------
    text
        Anything; ``str(text)`` is shown.
    longest
        What is longer than so many characters is cut and ends in an ellipsis.

    Examples
    --------
    >>> print(markdown("**b** <i>"))
    \*\*b\*\* &lt;i&gt;
    """
    whole = str(text)
    short = whole if len(whole) <= longest else f"{whole[:longest]}…"
    parted = _FOUND_LATER.sub(_JOINER, " ".join(short.split()))
    escaped = _html.escape(parted, quote=False)
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in escaped)
