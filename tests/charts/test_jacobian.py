import numpy as np
import pytest
from scipy import special

from charts import style
from charts.jacobian import jacobian_heatmap
from tests.charts.read import HOSTILE, contrast, numbers, only, texts

NAMES = [f"class {j}" for j in range(10)]


def jacobian(z):
    h, eye = 1e-6, np.eye(len(z))
    columns = [(special.softmax(z + h * e) - special.softmax(z - h * e)) / (2 * h) for e in eye]
    return np.array(columns).T


@pytest.mark.parametrize("n_classes", range(2, 11))
@pytest.mark.parametrize("dark", [False, True])
def test_cells_hold_the_matrix_and_say_it(n_classes, dark):
    J = jacobian(np.random.default_rng(n_classes).normal(0, 2, n_classes))
    fig = jacobian_heatmap(J, NAMES[:n_classes], dark)
    cells, said = only(fig, "cells"), only(fig, "numbers")
    np.testing.assert_array_equal(numbers(cells.z), J)
    assert (cells.zmin, cells.zmax) == (-0.25, 0.25)
    half = 0.5e-3 if n_classes <= 6 else 0.5e-2
    for x, y, text in zip(said.x, said.y, said.text, strict=True):
        if text[0] == "<" or text[-1] == "…":
            assert 0 < (-J[y, x] if text[0] == "−" else J[y, x]) < half
        else:
            assert float(text.replace("−", "-")) == pytest.approx(J[y, x], abs=half + 1e-12)


def test_row_one_is_on_top_and_columns_run_to_the_right():
    fig = jacobian_heatmap(np.arange(9.0).reshape(3, 3), NAMES[:3])
    low, high = fig.layout.yaxis.range
    assert low > high
    assert fig.layout.xaxis.range[0] < fig.layout.xaxis.range[1]
    assert only(fig, "numbers").text[1] == "1.000"
    assert (only(fig, "numbers").x[1], only(fig, "numbers").y[1]) == (1, 0)


def test_a_low_temperature_widens_the_scale_and_zero_stays_in_the_middle():
    cells = only(jacobian_heatmap([[5.0, -5.0], [-5.0, 5.0]], NAMES[:2]), "cells")
    assert (cells.zmin, cells.zmax) == (-5.0, 5.0)


def test_only_zero_is_written_as_zero_and_the_minus_is_a_true_one():
    said = only(jacobian_heatmap([[-1e-9, -0.0], [-0.0316, 0.25]], NAMES[:2]), "numbers")
    assert list(said.text) == ["−0.000…", "0", "−0.032", "0.250"]
    tight = only(jacobian_heatmap(np.full((10, 10), -0.126), NAMES), "numbers")
    assert set(tight.text) == {"−.13"}
    faint = only(jacobian_heatmap(np.full((10, 10), 1e-5), NAMES), "numbers")
    assert set(faint.text) == {"<.01"}


@pytest.mark.parametrize("dark", [False, True])
def test_every_number_is_readable_on_its_cell(dark):
    values = np.linspace(-0.25, 0.25, 25).reshape(5, 5)
    colors = only(jacobian_heatmap(values, NAMES[:5], dark), "numbers").textfont.color
    for value, color in zip(values.flat, colors, strict=True):
        assert contrast(color, style.diverging_color(value, 0.25, dark)) >= 4.5


def test_equal_names_keep_their_own_rows():
    fig = jacobian_heatmap(np.eye(3), ["a", "a", "a"])
    assert list(fig.layout.xaxis.tickvals) == [0, 1, 2]
    assert numbers(only(fig, "cells").z).shape == (3, 3)


@pytest.mark.parametrize(
    ("J", "said"),
    [([[1.0, 2.0]], r"\(1, 2\)"), ([1.0], r"\(1,\)"), ([[np.nan]], "nan"), (np.empty((0, 0)), r"\(0, 0\)")],
)
def test_bad_input_is_named(J, said):
    with pytest.raises(ValueError, match=said):
        jacobian_heatmap(J, NAMES[:1])


def test_hostile_names_stay_text():
    for text in texts(jacobian_heatmap(np.eye(3), HOSTILE)):
        assert "<a" not in text
        assert "$" not in text
        assert "%{y}" not in text
