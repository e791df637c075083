"""A text as data: what a user, a file or a link brought, written so that it cannot become markup."""

import html as _html

LONGEST = 60
_MARKDOWN = r"\`*_{}[]()#+-.!$~:|"


def html(text: str) -> str:
    """Return ``text`` for HTML, as content of an element or value of a quoted attribute."""
    return _html.escape(text)


def markdown(text: object, longest: int = LONGEST) -> str:
    r"""Return ``text`` for Streamlit's Markdown, which then shows it letter by letter, on one line.

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
    escaped = _html.escape(" ".join(short.split()), quote=False)
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in escaped)
