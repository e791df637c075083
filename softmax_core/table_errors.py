"""What can be wrong with a table of points: a code for the program, a sentence for the reader."""

from __future__ import annotations

SENTENCES = {
    "too_large": "The table is {size} bytes long; at most {limit} are read.",
    "encoding": "The text is neither UTF-8, UTF-16 nor GB18030: byte {byte} at place {place} fits none.",
    "not_text": "This is no text: it holds the control character {character} at line {row}.",
    "empty": "There is nothing in the table.",
    "not_a_table": "Line {row} does not belong to a table with columns separated by tab, comma or semicolon.",
    "quotes": "The quotation marks from line {row} on do not match.",
    "ragged": "Line {row} has {received} cells, the lines before it have {expected}.",
    "no_rows": "The table has a line of names but no rows.",
    "too_many_rows": "The table has {received} rows; at most {limit} are read.",
    "no_numeric_column": "No column holds numbers: {columns}.",
    "one_numeric_column": "Only one column holds numbers, {column}; two are needed.",
    "no_such_column": "There is no column {column}; there are {columns}.",
    "same_column": "The two axes must be different columns, received {column} twice.",
    "not_a_number": "Line {row}, column {column}: {value} is no number (rows to drop: {count}).",
    "missing": "Line {row}, column {column}: the value is missing (rows to drop: {count}).",
    "infinite": "Line {row}, column {column}: {value} is not finite (rows to drop: {count}).",
    "few_classes": "Column {column} holds {count} class; at least {least} are needed.",
    "many_classes": "Column {column} holds {count} different values; at most {most} classes are possible.",
}


class TableError(ValueError):
    """A table that cannot be used as it is.

    Parameters
    ----------
    code : str
        A key of `SENTENCES`; whoever shows the error in another language translates by it.
    fields : object
        What the sentence's places are filled with. `row` is the line of the text, counted from 1 as an
        editor does, names included; `column` is the name of a column. For ``"not_a_number"``,
        ``"missing"`` and ``"infinite"`` `count` is the number of rows that would have to be dropped
        for any of these three reasons.

    Examples
    --------
    >>> error = TableError("ragged", row=3, received=2, expected=4)
    >>> error.code, error.fields["row"], str(error)
    ('ragged', 3, 'Line 3 has 2 cells, the lines before it have 4.')
    """

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(SENTENCES[code].format(**fields))
        self.code = code
        self.fields = fields

    @property
    def can_drop(self) -> bool:
        """Whether the table can be used without the rows that are wrong."""
        return self.code in ("not_a_number", "missing", "infinite")
