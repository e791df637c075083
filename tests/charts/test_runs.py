import numpy as np
import pytest

from charts import style
from charts.runs import accuracy_chart, loss_chart
from tests.charts.read import HOSTILE, numbers, only, texts, traces

STEPS = np.arange(1001)
TRAIN, TEST = np.exp(-STEPS / 200.0), 0.1 + np.exp(-STEPS / 150.0)


def shapes(fig, name):
    return [shape for shape in fig.layout.shapes if shape.name == name]


@pytest.mark.parametrize("log_scale", [False, True])
def test_every_step_is_drawn_and_hovering_has_all_digits(log_scale):
    fig = loss_chart({"train": TRAIN, "test": TEST}, log_scale=log_scale)
    for trace, values in zip(traces(fig, "line"), (TRAIN, TEST), strict=True):
        np.testing.assert_array_equal(numbers(trace.x), STEPS)
        np.testing.assert_array_equal(numbers(trace.y), values)
        np.testing.assert_array_equal(numbers(trace.customdata), values)
        assert "%{customdata}" in trace.hovertemplate  # no format: the browser prints every digit
    assert fig.layout.hovermode == "x unified"
    assert fig.layout.yaxis.type == ("log" if log_scale else "linear")


def test_the_log_axis_holds_every_positive_loss():
    low, high = loss_chart({"train": TRAIN, "test": TEST}, log_scale=True).layout.yaxis.range
    assert 10**low <= TRAIN.min()
    assert TEST.max() <= 10**high


def test_the_playhead_is_a_line_with_the_values_on_it():
    fig = loss_chart({"train": TRAIN, "test": TEST}, 300)
    (line,) = shapes(fig, "playhead")
    assert (line.x0, line.x1) == (300, 300)
    assert [t.y[0] for t in traces(fig, "playhead")] == [TRAIN[300], TEST[300]]
    assert not shapes(loss_chart({"train": TRAIN}), "playhead")


@pytest.mark.parametrize("playhead", [-1, 1001, 10**9])
def test_a_playhead_outside_a_series_has_no_dot(playhead):
    assert not traces(loss_chart({"train": TRAIN}, playhead), "playhead")


def test_zero_on_a_log_axis_lies_at_the_bottom_and_says_zero():
    losses = np.array([1.0, 1e-3, 0.0, 0.0, 1e-5])
    fig = loss_chart({"train": losses}, 2, log_scale=True)
    line = only(fig, "line")
    assert list(only(fig, "zero").x) == [2, 3]
    floor = only(fig, "zero").y[0]
    assert 0 < floor < 1e-5
    np.testing.assert_array_equal(numbers(line.y), [1, 1e-3, floor, floor, 1e-5])
    np.testing.assert_array_equal(numbers(line.customdata), losses)
    assert only(fig, "playhead").y[0] == floor
    assert 10 ** fig.layout.yaxis.range[0] < floor
    assert not traces(loss_chart({"train": losses}, 2), "zero")
    assert numbers(only(loss_chart({"train": losses}), "line").y)[2] == 0


@pytest.mark.parametrize(
    "losses",
    [[0.0, 0.0], [5e-324, 0.0], [np.nan, np.nan], [np.nan], [0.7], [0.7, 0.7], [1e308, 1e300], [1.0, np.inf]],
)
@pytest.mark.parametrize("log_scale", [False, True])
def test_odd_runs_have_a_finite_increasing_axis(losses, log_scale):
    fig = loss_chart({"train": losses}, 0, log_scale)
    assert not np.isinf(numbers(only(fig, "line").y)).any()
    ranges = [fig.layout.xaxis.range] + ([fig.layout.yaxis.range] if log_scale else [])
    for low, high in ranges:
        assert np.isfinite([low, high]).all()
        assert low < high


def test_a_flat_run_on_a_log_axis_still_has_ticks():
    axis = loss_chart({"train": [1.0986, 1.0985]}, log_scale=True).layout.yaxis
    inside = [t for t in axis.tickvals if axis.range[0] <= np.log10(t) <= axis.range[1]]
    assert len(inside) >= 2


def test_nan_leaves_a_gap_and_no_dot():
    losses = [1.0, 2.0, np.nan, np.inf]
    fig = loss_chart({"train": losses}, 2, divergence=2)
    np.testing.assert_array_equal(numbers(only(fig, "line").y), [1, 2, np.nan, np.nan])
    assert not traces(fig, "playhead")


def test_divergence_tints_what_follows_and_says_when():
    fig = loss_chart({"train": TRAIN[:11]}, divergence=7)
    (area,) = shapes(fig, "divergence")
    assert area.x0 == 7
    assert area.x1 > 10
    (note,) = fig.layout.annotations
    assert "7" in note.text
    assert not loss_chart({"train": TRAIN}).layout.annotations


def test_divergence_at_the_last_step_can_be_seen():
    (area,) = shapes(loss_chart({"train": TRAIN[:11]}, divergence=10), "divergence")
    assert area.x1 > area.x0


def test_divergence_just_after_the_last_number_as_the_core_records_it():
    fig = loss_chart({"train": TRAIN[:11]}, divergence=11)
    (area,) = shapes(fig, "divergence")
    assert 11 == area.x0 < area.x1 <= fig.layout.xaxis.range[1]


def test_one_hover_box_never_mixes_steps():
    assert loss_chart({"train": TRAIN, "test": TEST}).layout.hoverdistance == -1
    assert loss_chart({"train": TRAIN, "test": TEST[:50]}).layout.hoverdistance == 1
    broken = np.where(STEPS > 500, np.nan, TRAIN)
    assert loss_chart({"train": broken, "test": TEST}).layout.hoverdistance == 1


def test_a_short_run_has_a_dot_for_every_step():
    assert "markers" in only(loss_chart({"train": [1.1, 0.9]}), "line").mode
    assert only(loss_chart({"train": TRAIN}), "line").mode == "lines"


def test_linear_and_log_do_not_share_a_zoom():
    assert (
        loss_chart({"a": TRAIN}).layout.uirevision
        != loss_chart({"a": TRAIN}, log_scale=True).layout.uirevision
    )


def test_accuracy_runs_from_nothing_to_all_as_percent():
    fig = accuracy_chart({"train": [0.0, 149 / 150, 1.0], "test": [0.5, np.nan, 1.0]}, 1)
    low, high = fig.layout.yaxis.range
    assert low <= 0
    assert high >= 1
    assert list(fig.layout.yaxis.ticktext) == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert list(traces(fig, "line")[0].customdata) == pytest.approx([0, 14900 / 150, 100])
    np.testing.assert_array_equal(numbers(traces(fig, "line")[0].y), [0, 149 / 150, 1])
    assert [t.meta["label"] for t in traces(fig, "playhead")] == ["train"]


@pytest.mark.parametrize("bad", [1.01, -0.01, np.inf])
def test_an_accuracy_outside_0_to_1_is_named(bad):
    with pytest.raises(ValueError, match="train"):
        accuracy_chart({"train": [0.5, bad]})


@pytest.mark.parametrize("chart", [loss_chart, accuracy_chart])
def test_empty_series_are_named_and_no_series_is_an_empty_chart(chart):
    with pytest.raises(ValueError, match="train"):
        chart({"train": []})
    assert len(chart({}, 0).data) == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("chart", [loss_chart, accuracy_chart])
def test_themes_and_determinism(chart, dark):
    series = {"train": TRAIN / 2, "test": TRAIN / 3}
    fig = chart(series, 3, dark=dark)
    assert fig.layout.template == style.figure(dark).layout.template
    assert fig.checked().to_json() == chart(series, 3, dark=dark).checked().to_json()
    assert fig != chart(series, 3, dark=not dark)


def test_the_input_is_not_written_to():
    losses = np.array([1.0, 0.0])
    losses.flags.writeable = False
    loss_chart({"train": losses}, log_scale=True)
    np.testing.assert_array_equal(losses, [1.0, 0.0])


def test_hostile_labels_stay_text():
    for text in texts(loss_chart({name: [1.0, 0.0] for name in HOSTILE}, 0, True)):
        assert "<a" not in text
        assert "$" not in text
        assert "%{y}" not in text


def test_ten_thousand_steps_stay_small():
    losses = np.linspace(2, 1, 10_001)
    assert len(loss_chart({"train": losses, "test": losses}, 5).checked().to_json()) < 700_000


def test_the_best_possible_loss_is_a_dotted_line():
    line = only(loss_chart({"train": TRAIN}, 5, best=0.0025), "best")
    np.testing.assert_array_equal(numbers(line.y), [0.0025, 0.0025])
    assert list(line.x) == [0, 1000]
    assert line.line.dash == "dot"
    assert not traces(loss_chart({"train": TRAIN}, 5), "best")


def test_a_best_loss_of_zero_has_no_place_on_a_log_axis():
    assert traces(loss_chart({"train": TRAIN}, best=0.0), "best")
    assert not traces(loss_chart({"train": TRAIN}, best=0.0, log_scale=True), "best")
    low, _ = loss_chart({"train": TRAIN}, best=1e-6, log_scale=True).layout.yaxis.range
    assert 10**low <= 1e-6


def test_another_title_for_what_is_no_loss():
    assert loss_chart({"W": TRAIN}, title="norm").layout.yaxis.title.text == "norm"
