"""What the stage shows of the plane: axes that stay, axes of their own for own data; and the small pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.training_stage.packed import ASPECT
from softmax_core.datasets import DATASETS, DataSpec
from softmax_core.features import FEATURE_MAPS
from ui.training import thumbnails
from ui.training.data import source_of
from ui.training.points import LEAST_SHARE, box_of_axes

RANDOM = sorted(name for name, source in DATASETS.items() if "noise" in source.uses)


@given(
    st.sampled_from(RANDOM),
    st.integers(2, 10),
    st.integers(10, 1500),
    st.floats(0.0, 3.0),
    st.integers(0, 20),
)
def test_all_points_lie_on_the_stage_and_units_are_equal(
    name: str, K: int, n: int, noise: float, seed: int
) -> None:
    source = source_of(DataSpec(name, n=n, n_classes=K, noise=noise, seed=seed), 0.2)
    x0, x1, y0, y1 = source.box
    assert (([x0, y0] <= source.data.X) & ([x1, y1] >= source.data.X)).all()
    assert (x1 - x0) / (y1 - y0) == pytest.approx(ASPECT)


@pytest.mark.parametrize("name", RANDOM)
def test_more_noise_and_more_points_do_not_move_the_axes(name: str) -> None:
    boxes = {
        source_of(DataSpec(name, n=n, noise=noise), 0.2).box
        for n in (10, 300, 310, 1000)
        for noise in (0.0, 0.5, 1.2)
    }
    loud = {source_of(DataSpec(name, noise=noise), 0.2).box for noise in (1.3, 2.0, 3.0)}
    assert len(boxes) == len(loud) == 1


def test_the_name_of_a_data_set_tells_its_axes() -> None:
    spec = DataSpec(n=60, noise=0.1)
    one, other, same = (source_of(spec, 0.2, usual) for usual in (0.5, 1.2, 1.2))
    assert one.box != other.box
    assert one.name != other.name == same.name


def test_own_data_with_two_units_fill_both_axes() -> None:
    rng = np.random.default_rng(0)
    people = np.column_stack([rng.normal(1.7, 0.1, 50), rng.normal(70, 12, 50)])
    x0, x1, y0, y1 = box_of_axes(people)
    for low, high, column in ((x0, x1, people[:, 0]), (y0, y1, people[:, 1])):
        assert low < column.min() < column.max() < high
        assert np.ptp(column) / (high - low) > 0.8


@pytest.mark.parametrize(
    "X",
    [
        np.random.default_rng(1).normal(size=(40, 2)),
        np.array([[1.0, 2.0]]),
        np.array([[0.0, 5.0], [3.0, 5.0]]),
        np.random.default_rng(2).normal(size=(40, 2)) * [1.0, LEAST_SHARE * 1.8],
    ],
    ids=["a cloud", "one point", "a line", "a flat cloud"],
)
def test_own_data_of_one_unit_keep_equal_units(X: np.ndarray) -> None:
    x0, x1, y0, y1 = box_of_axes(X)
    assert (x1 - x0) / (y1 - y0) == pytest.approx(ASPECT)


def test_every_data_set_and_every_map_has_a_picture() -> None:
    data, maps = thumbnails.of_data(), thumbnails.of_features()
    assert data.keys() == DATASETS.keys()
    for code, picture in data.items():
        places = np.array(picture["points"])
        assert len(places) == (3 if code == "three_points" else pytest.approx(40, abs=10))
        assert ((places[:, :2] >= 0) & (places[:, :2] <= [thumbnails.WIDTH, thumbnails.HEIGHT])).all()
        assert len(set(places[:, 2])) >= 2
    assert maps.keys() == FEATURE_MAPS.keys()
    pictures = {code: np.array([list(row) for row in picture["cells"]]) for code, picture in maps.items()}
    assert len({picture.tobytes() for picture in pictures.values()}) == len(maps), "no two look the same"
    for picture in pictures.values():
        assert set(picture.ravel()) == {"0", "1"}
    # The border of the linear map is straight: each row changes its class at most once.
    assert ((pictures["linear"][:, 1:] != pictures["linear"][:, :-1]).sum(axis=1) <= 1).all()
    assert ((pictures["radial"][:, 1:] != pictures["radial"][:, :-1]).sum(axis=1) > 1).any()
