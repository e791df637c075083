"""Data that the learner brings: a file or a paste. The data set before it stays until the new one is usable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from locales import _
from softmax_core.datasets import Dataset
from softmax_core.numbers_text import COMMA, DOT
from ui import escape
from ui.frame import kept, sharing
from ui.training.points import Points, UploadedData, digest
from ui.training.session import session
from ui.training.table import Fault, Table, read_table, write_points
from ui.widgets import cells, controls
from ui.widgets.cells import TableError
from ui.widgets.show import table as show_table
from ui.widgets.tables import FOR_TABLES

UPLOAD_SOURCE = "own data"
PARAMETER = "training_own"
LONGEST_IN_LINK = 20_000  # characters of a table, before the link is packed
_PREVIEW = 5
_MOST_LINES = 20


def choose() -> UploadedData | None:
    """Show the controls for own data; return the last usable data set, or None."""
    with st.expander(_("Bring your data"), expanded=True):
        kept.promise(
            _("Only this browser keeps them."),
            before=_("Two columns of numbers and one of labels, 2 to 10 classes, at most 5,000 rows."),
        )
        file = cells.choose_file("training_file")
        _from_link()
        pasted = st.text_area(
            _("or paste from a spreadsheet"), key="training_paste", height=90, placeholder="x1\tx2\tclass"
        )
        text = pasted if isinstance(pasted, str) else ""  # whoever forges a message sends anything
        source = file.getvalue() if file is not None else text
        if source.strip():
            try:
                chosen = _chosen(_read(source))
            except TableError as error:
                chosen = None
                st.error(sentence(error))
                st.caption(_("The data set before it stays on the stage."))
            if chosen is not None:
                session().uploaded = chosen
        uploaded = session().uploaded
        if uploaded is not None and not source.strip():
            _preview(uploaded.data)
    sharing.publish(PARAMETER, _kept_by_browser(uploaded))
    return uploaded


def _from_link() -> None:
    """Take the points that the link brings, or those that this browser kept last.

    Those of a shared link are put where the learner could have pasted them.
    """
    text = sharing.read(PARAMETER, _checked, "", _("own data"), longest=LONGEST_IN_LINK)
    if text and not kept.is_here(text):
        st.session_state["training_paste"] = text
    else:
        is_asked = not text and session().uploaded is None and not sharing.names(PARAMETER)
        brought = kept.newest(PARAMETER) if is_asked else text
        if brought:
            with suppress(TableError):
                session().uploaded = brought_back(brought)
        if text:
            st.session_state["training_paste"] = ""
    sharing.keep(PARAMETER, "")


def _kept_by_browser(uploaded: UploadedData | None) -> str | None:
    """Let the browser keep the data set; return what the address calls it."""
    if uploaded is None:
        return kept.keep(PARAMETER, None)
    before = session().written
    if before is None or before[0] != uploaded.name:
        session().written = before = (uploaded.name, write_points(uploaded.data, uploaded.is_test))
    return kept.keep(PARAMETER, before[1])


def brought_back(text: str) -> UploadedData:
    """Return the data set that `write_points` wrote.

    Raises
    ------
    TableError
        If it wrote no such text.
    """
    table = read_table(text)
    across, up, label = (*table.columns, "", "")[:3]
    return uploaded_data(table.dataset(across, up, label), table.sides(across, up, label))


def _checked(text: str) -> str:
    read_table(text)
    return text


def offer(points: Points) -> None:
    """Let the dialog of Share ask whether own points go with the link."""
    if points.source.shared:
        sharing.offer(PARAMETER, None)
        return

    def text() -> str:
        data = points.source.data
        table = as_csv(points, data.class_names, data.feature_names)
        return table if len(table) <= LONGEST_IN_LINK else ""

    sharing.offer(
        PARAMETER, text, label=_("With my {n} points").format(n=len(points.y)),
        instead=_("Your points are too many for a link. Download them as CSV under “Export”, and send the file."),
    )  # fmt: skip


def _read(source: bytes | str) -> Table:
    """Read the table, say what had to be guessed, and let the learner correct it."""
    table = _table(source)
    if table.names_in_doubt:
        guess = table.first_line == "names"
        has_names = st.toggle(
            _("The first line holds the names of the columns"), value=guess, key="training_names"
        )
        if has_names != guess:
            table = _table(source, has_names)
    if table.first_line == "counts":
        st.caption(_("The first line counts the rows and columns; it is no point."))
    if table.encoding is not None:
        st.caption(
            _("The file does not say its encoding. It was read as {encoding}; if letters look wrong, save it as UTF-8.").format(
                encoding=table.encoding
            )
        )  # fmt: skip
    return table


def _table(source: bytes | str, has_names: bool | None = None) -> Table:
    """Read a table, once for all runs of the page."""
    before = session().table
    if before is None or before[:2] != (source, has_names):
        session().table = before = (source, has_names, read_table(source, has_names))
    return before[2]


def _chosen(table: Table) -> UploadedData | None:
    """Let the learner choose columns, and return the data set, or None while a column has to be chosen.

    Raises
    ------
    TableError
        If these columns make no data set.
    """
    part, index = table.part_column, table.index_column
    numeric = [name for name in table.numeric_columns if name not in (part, index)]
    able = [name for name in table.label_columns if name not in (part, index)]
    labels = [name for name in able if name not in numeric[:2]]
    if index is not None and able and not labels:  # an index, one measurement and a class
        labels = able[-1:]
        numeric.remove(labels[0])
    rest = [name for name in table.columns if name not in (part, index, *labels)]
    last = [] if index is None else [index]  # the index is offered after all others
    axes, classes = [*numeric, *last], [*labels, *rest, *last]
    across = _column(_("Horizontal axis"), "training_column_x", axes, next(iter(numeric), None))
    second = next((name for name in numeric if name != across), None)
    others = [name for name in axes if name != across]
    up = _column(_("Vertical axis"), "training_column_y", others, second)
    label = _column(_("Class"), "training_column_class", classes, classes[0])
    if index is not None:
        st.caption(
            _("The column “{column}” numbers the rows. It is an axis only if you choose it.").format(
                column=escape.markdown(index)
            )
        )
    if across is None or up is None or label is None:
        st.info(_("Choose the two columns of numbers."))
        return None
    decimal = _decimal_mark(table, across, up, label)
    faults = table.faults(across, up, label, decimal)
    drop = False
    if faults and not _has_two_readings(faults):
        drop = st.toggle(
            _("Leave out rows with missing, infinite or unreadable values ({n})").format(n=len(faults)),
            key="training_drop",
        )
        lines = _(", ").join(str(fault.row) for fault in faults[:_MOST_LINES])
        more = _(", ") + "…" if len(faults) > _MOST_LINES else ""
        st.caption(_("Lines that cannot be used: {lines}").format(lines=lines + more))
    data = table.dataset(across, up, label, drop=drop, decimal=decimal)
    _preview(data)
    return uploaded_data(data, table.sides(across, up, label, decimal))


def _decimal_mark(table: Table, across: str, up: str, label: str) -> str | None:
    """Ask for the decimal mark where the numbers leave it open."""
    if not _has_two_readings(table.faults(across, up, label)):
        return None
    names = {DOT: _("a dot"), COMMA: _("a comma")}
    mark: str | None = st.segmented_control(
        _("The decimal mark is"), list(names), format_func=names.__getitem__, key="training_decimal"
    )
    return mark


def _has_two_readings(faults: Sequence[Fault]) -> bool:
    return any(fault.code == "two_readings" for fault in faults)


def _column(label: str, key: str, options: Sequence[str], default: str | None) -> str | None:
    # A default is the first option: one that is only assigned is sent once, and a browser that is busy passes over it.
    if st.session_state.get(key) not in options:
        st.session_state[key] = default
    chosen: str | None = st.selectbox(
        label, options, index=None if default is None else 0, key=key, placeholder=_("Choose a column")
    )
    return chosen


def uploaded_data(data: Dataset, is_test: npt.NDArray[np.bool_] | None) -> UploadedData:
    """Return a data set under a name made of its numbers."""
    arrays = [None if array is None else array.tobytes() for array in (data.X, data.y, is_test)]
    name = digest(*arrays, data.feature_names, data.class_names)
    return UploadedData(name, replace(data, source=UPLOAD_SOURCE), is_test)


def _preview(data: Dataset) -> None:
    counts = np.bincount(data.y, minlength=data.n_classes)
    sizes = _(", ").join(
        f"{escape.markdown(name)} ({n})" for name, n in zip(data.class_names, counts, strict=True)
    )
    st.caption(_("{n} points: {sizes}").format(n=data.y.size, sizes=sizes))
    rows: list[list[Any]] = [
        [f"{x:.6g}", f"{y:.6g}", escape.html(data.class_names[k])]
        for (x, y), k in zip(data.X[:_PREVIEW], data.y[:_PREVIEW], strict=True)
    ]
    show_table([*map(escape.html, data.feature_names), _("class")], rows)
    spread = data.X.std(axis=0)
    if spread.max() > 5 * spread.min():
        st.caption(_("The two columns have very different scales: standardise the inputs below."))


def as_csv(points: Points, names: Sequence[str], axes: Sequence[str]) -> str:
    """Return the points as CSV that gives the same run again, bit for bit, when it is read back."""
    data = replace(
        points.source.data, X=points.X, y=points.y, feature_names=tuple(axes), class_names=tuple(names)
    )
    return write_points(data, points.is_test)


def download(points: Points, names: Sequence[str], axes: Sequence[str]) -> None:
    """Offer the points on the stage as a file."""
    controls.download(
        _("Download the points (CSV)"), _csv(points.name, tuple(names), tuple(axes), points), "points.csv", "text/csv",
        "training_download", width="stretch",
    )  # fmt: skip


def sentence(error: TableError) -> str:
    """Return what the page says of an error, with names and cells escaped."""
    return cells.sentence(error, sentences())


def sentences() -> dict[str, str]:
    """Return the sentence for each code of `TableError`."""
    return cells.sentences() | {
        "not_a_number": _("Line {row}, column {column}: {value} is not a number. Rows that cannot be used: {count}."),
        "infinite": _("Line {row}, column {column}: {value} is not finite. Rows that cannot be used: {count}."),
        "two_readings": _("Line {row}, column {column}: {value} can be {grouped} or {decimal}. Choose the decimal mark above."),
        "no_numeric_column": _("No column holds numbers: {columns}."),
        "one_numeric_column": _("Only one column holds numbers, {column}; two are needed."),
        "no_such_column": _("There is no column {column}; there are {columns}."),
        "same_column": _("The two axes need different columns, not {column} twice."),
    }  # fmt: skip


# As bytes and not as a function: Streamlit forgets the function when the page runs again before the click.
@st.cache_resource(max_entries=32, show_spinner=False)
def _csv(points: str, names: tuple[str, ...], axes: tuple[str, ...], _points: Points) -> bytes:
    return as_csv(_points, names, axes).encode(FOR_TABLES)
