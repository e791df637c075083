"""How a user's string enters a figure: as data, never as markup."""

import unicodedata

NAME_LIMIT = 24

# Bidirectional overrides could make one name swallow the text that follows it.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Plotly decodes numeric entities everywhere, but of the named ones only a handful (not &quot;).
_ENTITIES = str.maketrans({c: f"&#{ord(c)};" for c in "&<>\"'$%{}"})


def as_text(name: str, limit: int = NAME_LIMIT) -> str:
    r"""Make a user's string safe and short for any Plotly text, legend entry or hover template.

    Plotly reads a subset of HTML in text (``<a href>``, ``<b>``, ``<br>``), fills ``%{...}`` in templates
    and gives ``$...$`` to MathJax. Here every character with such a meaning becomes a numeric entity, which
    Plotly turns back into the character after it has looked for markup.

    Parameters
    ----------
    name : str
        Anything; it is data, never markup.
    limit : int
        Longest text in columns (a Chinese character takes two); what is longer ends in an ellipsis.

    Returns
    -------
    str
        Text that Plotly shows letter by letter as it was given.

    Examples
    --------
    >>> as_text("<b>cat</b>")
    '&#60;b&#62;cat&#60;/b&#62;'
    >>> as_text("%{y} $x$")
    '&#37;&#123;y&#125; &#36;x&#36;'
    """
    kept = (" " if c.isspace() else c for c in name[: 8 * limit] if c.isspace() or not _is_control(c))
    plain = " ".join("".join(kept).split())
    return _shorten(plain, limit).translate(_ENTITIES)


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shorten(plain: str, limit: int) -> str:
    if sum(map(_columns, plain)) <= limit:
        return plain
    room, kept = limit - 1, ""
    for character in plain:
        room -= _columns(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def _is_control(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs")
