"""What is wrong with a table, in the reader's language; names and cells in it are data."""

from __future__ import annotations

from locales import _
from softmax_core.table_errors import TableError
from ui import escape


def sentence(error: TableError, source: str | bytes = "") -> str:
    """Return what to tell the learner. ``source`` is what was read: a bad byte is placed by line in it."""
    fields = {name: escape.markdown(value) for name, value in error.fields.items()}
    if error.code == "encoding" and isinstance(source, bytes):
        place = int(str(error.fields["place"]))
        begin = source.rfind(b"\n", 0, place) + 1
        fields |= {"row": str(source.count(b"\n", 0, place) + 1), "column": str(place - begin + 1)}
    if error.code in ("not_a_number", "missing", "infinite"):
        return _cell_sentences()[error.code].format(**fields)
    return _table_sentences()[error.code].format(**fields)


def _cell_sentences() -> dict[str, str]:
    return {
        "not_a_number": _("Line {row}, column {column}: {value} is no number. Rows that cannot be used: {count}."),
        "missing": _("Line {row}, column {column}: the value is missing. Rows that cannot be used: {count}."),
        "infinite": _("Line {row}, column {column}: {value} is not finite. Rows that cannot be used: {count}."),
    }  # fmt: skip


def _table_sentences() -> dict[str, str]:
    return {
        "too_large": _("The table is {size} bytes long; at most {limit} are read."),
        "encoding": _("Line {row}, place {column}: the byte {byte} belongs to no text in UTF-8, UTF-16 or GB18030."),
        "not_text": _("Line {row}: the character {character} belongs to no table. Is this a text file?"),
        "empty": _("There is nothing in the table."),
        "not_a_table": _("Line {row} does not belong to a table with columns separated by tab, comma or semicolon."),
        "quotes": _("The quotation marks from line {row} on do not match."),
        "ragged": _("Line {row} has {received} cells, the lines before it have {expected}."),
        "no_rows": _("The table has a line of names but no rows."),
        "too_many_rows": _("The table has {received} rows; at most {limit} are read."),
        "no_numeric_column": _("No column holds numbers: {columns}."),
        "one_numeric_column": _("Only one column holds numbers, {column}; two are needed."),
        "no_such_column": _("There is no column {column}; there are {columns}."),
        "same_column": _("The two axes need different columns, not {column} twice."),
        "few_classes": _("Column {column} holds {count} class; at least {least} are needed."),
        "many_classes": _("Column {column} holds {count} different values; at most {most} classes are possible."),
    }  # fmt: skip
