"""Points as CSV text that reads back bit for bit."""

from __future__ import annotations

import csv
import io
import json

from softmax_core.datasets.dataset import Dataset
from softmax_core.table_cells import NOTE_OF_CLASSES, in_order, kind_of, number_in
from softmax_core.table_text import CONTROL


def write_points(data: Dataset) -> str:
    r"""Write a data set as CSV that `read_table` reads back bit for bit.

    Numbers are written with as many digits as tell float64 numbers apart. Names that a table cannot
    hold (empty, twice, with line breaks) are replaced by numbered ones. Where the labels alone
    would not give the classes back (a class without points, an unusual order), a first line beginning
    with # holds their names.

    Returns
    -------
    str
        Lines end in a line feed; a header with the feature names and "class".

    Examples
    --------
    >>> from softmax_core.datasets import from_points
    >>> print(write_points(from_points([[0.1, 1 / 3]], [1], ("no", "yes"))), end="")
    # classes: ["no", "yes"]
    x1,x2,class
    0.1,0.3333333333333333,yes
    """
    names = tuple(name.strip() for name in data.class_names)
    if len(set(names)) < len(names) or not all(map(_can_stand, names)):
        names = tuple(f"class {k}" for k in range(data.n_classes))
    out = io.StringIO()
    if in_order({names[k] for k in data.y}) != names:
        out.write(NOTE_OF_CLASSES + json.dumps(names, ensure_ascii=False) + "\n")
    writer = csv.writer(out, lineterminator="\n")
    features = [
        name if _can_stand(name) and kind_of(number_in(name, ",")) == "not_a_number" else f"x{i + 1}"
        for i, name in enumerate(data.feature_names)
    ]
    writer.writerow([*features, "class"])
    writer.writerows([*map(repr, point), names[k]] for point, k in zip(data.X.tolist(), data.y, strict=True))
    return out.getvalue()


def _can_stand(name: str) -> bool:
    """Whether a name comes back as it is when it is written into a cell and read."""
    is_line = len(name.splitlines()) == 1 and CONTROL.search(name) is None
    return is_line and name == name.strip() and not name.startswith("#")
