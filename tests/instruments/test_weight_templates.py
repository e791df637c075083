"""What the templates are sent: small, and right to half a unit."""

import base64

import numpy as np
import pytest

from instruments.shared.bundle import bundle
from instruments.shared.values import packed
from instruments.weight_templates import MOST_EPOCHS, template_run

RNG = np.random.default_rng(0)


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.int8).astype(float)


def test_weights_survive_packing_to_half_a_unit():
    weights = [np.zeros((4, 3), np.float32), RNG.normal(size=(4, 3)).astype(np.float32)]
    run = template_run([0, 7], weights)
    assert run.numbers == (0, 7)
    assert run.limits[0] == 0
    np.testing.assert_array_equal(unpacked(run.packed[0]), 0)
    unit = run.limits[1] / 127
    np.testing.assert_allclose(unpacked(run.packed[1]).reshape(4, 3) * unit, weights[1], atol=0.501 * unit)
    assert np.abs(unpacked(run.packed[1])).max() == 127


@pytest.mark.parametrize("count", [MOST_EPOCHS, MOST_EPOCHS + 1, 1000])
def test_of_a_long_training_an_even_choice_is_sent(count):
    run = template_run(range(count), [np.ones((1, 2))] * count)
    assert len(run.numbers) <= MOST_EPOCHS
    assert run.numbers[0] == 0
    assert run.numbers[-1] == count - 1
    gaps = np.diff(run.numbers)
    assert gaps.max() - gaps.min() <= 1


def test_packed_is_little_endian_row_by_row():
    text = packed(np.array([[1.0, 2.0], [3.0, 4.0]]).T, "<f4")
    assert np.frombuffer(base64.b64decode(text), "<f4").tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize("name", ["pixel_pad/index.js", "weight_templates/index.js"])
def test_the_bundles_hold_together(name):
    text = bundle(name)
    assert "import " not in text.replace("important", "")
    assert text.count("export default") == 1
