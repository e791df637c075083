"""The learner's own data: a file or a paste, read with care; the data set before it stays until a good one is in."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from locales import _
from softmax_core.datasets import Dataset
from softmax_core.table import Table, read_table
from softmax_core.table_errors import TableError
from softmax_core.table_writing import write_points
from ui.training.points import Points, digest
from ui.training.sentences import plain, sentence
from ui.widgets.show import table as show_table

OWN_SOURCE = "own data"
MOST_MEGABYTES = 5
PART = "part"  # the column that says who learns and who tests
SIDES = ("train", "test")
_KEPT = "training_own"
_PREVIEW = 5


@dataclass(frozen=True, eq=False)
class OwnData:
    """A good data set of the learner's. ``in_test`` is None where the table does not say who tests."""

    name: str
    data: Dataset
    in_test: npt.NDArray[np.bool_] | None


def kept() -> OwnData | None:
    """Return the last good data set of this session."""
    found: OwnData | None = st.session_state.get(_KEPT)
    return found


def choose() -> OwnData | None:
    """Show the controls for own data; return the last good one, or None."""
    with st.expander(_("Bring your data"), expanded=True):
        st.caption(
            _("Two columns of numbers and one of labels, 2 to 10 classes, at most 5,000 rows. They stay in this session.")
        )  # fmt: skip
        file = st.file_uploader(
            _("A CSV file"), type=["csv", "tsv", "txt"], key="training_file", max_upload_size=MOST_MEGABYTES
        )
        pasted = st.text_area(
            _("or paste from a spreadsheet"), key="training_paste", height=90, placeholder="x1\tx2\tclass"
        )
        source = file.getvalue() if file is not None else pasted
        if source.strip():
            try:
                st.session_state[_KEPT] = _chosen(read_table(source))
            except TableError as error:
                st.error(sentence(error, source))
                st.caption(_("The data set before it stays on the stage."))
    return kept()


def _chosen(table: Table) -> OwnData:
    """Let the learner choose columns, and return the data set; raise TableError where there is none."""
    part = part_column(table)
    numeric = [name for name in table.numeric_columns if name != part]
    labels = [name for name in table.label_columns if name not in (part, *numeric[:2])]
    others = [name for name in table.columns if name not in (part, *labels)]
    across = _column(_("Across"), "training_column_x", numeric, numeric[0])
    up = _column(_("Up"), "training_column_y", numeric, next(name for name in numeric if name != across))
    label = _column(_("Class"), "training_column_class", [*labels, *others], [*labels, *others][0])
    faulty = _faulty(table, across, up, label)
    drop = False
    if faulty is not None:
        drop = st.toggle(
            _("Leave out {n} rows with missing, infinite or unreadable values").format(
                n=faulty.fields["count"]
            ),
            key="training_drop",
        )
        if not drop:
            raise faulty
    data = table.dataset(across, up, label, drop=drop)
    _preview(data)
    return own_data(data, sides(table, (across, up, label), part))


def _column(label: str, key: str, options: Sequence[str], default: str) -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = default
    chosen: str = st.selectbox(label, options, key=key)
    return chosen


def _faulty(table: Table, across: str, up: str, label: str) -> TableError | None:
    try:
        table.dataset(across, up, label)
    except TableError as error:
        if error.can_drop:
            return error
        raise
    return None


def part_column(table: Table) -> str | None:
    """Return the column that says who learns and who tests, if there is one."""
    for i, name in reversed(list(enumerate(table.columns))):
        values = {row[i] for row in table.rows}
        if (name == PART or name.startswith(f"{PART} (")) and "train" in values and values <= set(SIDES):
            return name
    return None


def sides(table: Table, columns: tuple[str, str, str], part: str | None) -> npt.NDArray[np.bool_] | None:
    """Return for every row that is kept whether it tests, or None where the table does not say."""
    if part is None:
        return None
    place = table.columns.index(part)
    usable = table.usable(*columns)
    return np.array([row[place] == "test" for row, good in zip(table.rows, usable, strict=True) if good])


def own_data(data: Dataset, in_test: npt.NDArray[np.bool_] | None) -> OwnData:
    """Return a data set under a name made of its numbers."""
    marked = Dataset(data.X, data.y, data.n_classes, data.feature_names, data.class_names, OWN_SOURCE)
    test = b"" if in_test is None else in_test.tobytes()
    name = digest(
        marked.X.tobytes().hex(),
        marked.y.tobytes().hex(),
        test.hex(),
        marked.feature_names,
        marked.class_names,
    )
    return OwnData(name, marked, in_test)


def _preview(data: Dataset) -> None:
    counts = np.bincount(data.y, minlength=data.n_classes)
    sizes = ", ".join(f"{plain(name)} ({n})" for name, n in zip(data.class_names, counts, strict=True))
    st.caption(_("{n} points: {sizes}").format(n=data.y.size, sizes=sizes))
    rows: list[list[Any]] = [
        [f"{x:.6g}", f"{y:.6g}", html.escape(data.class_names[k])]
        for (x, y), k in zip(data.X[:_PREVIEW], data.y[:_PREVIEW], strict=True)
    ]
    show_table([*map(html.escape, data.feature_names), _("class")], rows)
    spread = data.X.std(axis=0)
    if spread.max() > 5 * spread.min():
        st.caption(_("The two columns have very different scales: standardise the inputs below."))


def as_csv(points: Points, names: Sequence[str], axes: Sequence[str]) -> str:
    """Return the points as CSV that gives the same run again, bit for bit, when it is read back."""
    data = points.source.data
    both = Dataset(points.X, points.y, data.n_classes, tuple(axes), tuple(names), data.source)
    *notes, head, rows = _notes_head_rows(write_points(both))
    ends = [SIDES[int(is_test)] for is_test in points.is_test]
    return "\n".join(
        [*notes, f"{head},{PART}", *(f"{row},{end}" for row, end in zip(rows, ends, strict=True)), ""]
    )


def _notes_head_rows(text: str) -> list[Any]:
    lines = text.splitlines()
    notes = [line for line in lines[:1] if line.startswith("#")]
    return [*notes, lines[len(notes)], lines[len(notes) + 1 :]]


def download(points: Points, names: Sequence[str], axes: Sequence[str]) -> None:
    """Offer the points on the stage as a file."""
    st.download_button(
        _("Download the points (CSV)"), lambda: as_csv(points, names, axes), file_name="points.csv",
        mime="text/csv", key="training_download", on_click="ignore", icon=":material/download:",
        width="stretch",
    )  # fmt: skip
