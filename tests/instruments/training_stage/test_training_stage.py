"""What the stage sends to the browser holds the numbers of the run."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from instruments.training_stage import StageView, probe_from_link, speeds
from instruments.training_stage.packed import ASPECT, points_message, run_message, view_box
from softmax_core.datasets import DataSpec, make
from softmax_core.training import TrainConfig, Trajectory, train


def unpacked(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=dtype)


def run(steps: int = 4, features: int = 2, classes: int = 3, factor: float = 1.0) -> Trajectory:
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(steps + 1, features, classes)), rng.normal(size=(steps + 1, classes))
    curves = rng.random((2, steps + 1))
    return Trajectory(TrainConfig(steps=steps), factor * W, b, W / 7, b / 7, *curves)


def test_weights_go_in_single_precision_and_curves_in_double() -> None:
    original = run()
    message = run_message(original)
    [layer] = message["layers"]
    assert (message["steps"], layer["inputs"], layer["outputs"], message["output"]) == (4, 2, 3, "softmax")
    assert "activation" not in message
    np.testing.assert_array_equal(unpacked(layer["W"], "<f4"), original.W.astype(np.float32).ravel())
    np.testing.assert_array_equal(
        unpacked(layer["grad_b"], "<f4"), original.grad_b.astype(np.float32).ravel()
    )
    np.testing.assert_array_equal(unpacked(message["loss"], "<f8"), original.loss)
    assert message["test_loss"] is None


def test_weights_beyond_single_precision_stay_finite() -> None:
    assert np.isfinite(unpacked(run_message(run(factor=1e300))["layers"][0]["W"], "<f4")).all()


def test_a_network_goes_layer_by_layer() -> None:
    config = TrainConfig(steps=3, hidden=5, activation="relu", start="he", output="softmax_sigmoid")
    path = train(make(DataSpec("circles", n=30)), config)
    message = run_message(path)
    assert (message["activation"], message["output"]) == ("relu", "softmax_sigmoid")
    assert [(layer["inputs"], layer["outputs"]) for layer in message["layers"]] == [(2, 5), (5, 3)]
    for layer, numbers in zip(message["layers"], path.layers, strict=True):
        np.testing.assert_array_equal(unpacked(layer["W"], "<f4"), numbers.W.astype(np.float32).ravel())
        np.testing.assert_array_equal(unpacked(layer["b"], "<f4"), numbers.b.astype(np.float32).ravel())


def test_points_keep_their_coordinates_exactly() -> None:
    X = np.array([[0.1, 1 / 3], [1e-9, -7.0]])
    message = points_message(X, np.array([0, 9]), np.array([False, True]))
    np.testing.assert_array_equal(unpacked(message["x"], "<f8"), X.ravel())
    assert list(unpacked(message["y"], "u1")) == [0, 9]
    assert list(unpacked(message["isTest"], "u1")) == [0, 1]


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-1e6, 1e6)))
def test_the_box_holds_all_points_with_equal_units(x: np.ndarray) -> None:
    x0, x1, y0, y1 = view_box(x)
    assert (x1 - x0) == pytest.approx(ASPECT * (y1 - y0), rel=1e-6)
    assert (x[:, 0] >= x0).all()
    assert (x[:, 0] <= x1).all()
    assert (x[:, 1] >= y0).all()
    assert (x[:, 1] <= y1).all()


@pytest.mark.parametrize(("text", "read"), [("1.5~1.5", "1.5~1.5"), ("-2~1e3", "-2.0~1000.0")])
def test_a_probe_is_read_from_the_link(text: str, read: str) -> None:
    assert probe_from_link(text) == read


@pytest.mark.parametrize("text", ["", "1", "1~2~3", "a~b", "nan~0", "0~inf", "1e999~0"])
def test_a_probe_of_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"place|convert|unpack"):
        probe_from_link(text)


def test_each_speed_is_known_to_the_browser() -> None:
    sent = {speed["code"]: speed for speed in speeds()}
    assert sent[StageView().speed]["per"] == "change"
    assert all(speed["steps"] is None or speed["steps"] > 0 for speed in sent.values())
