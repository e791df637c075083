"""The panel of weights and gradients."""

import numpy as np

from ui.training.panels import weights


def test_what_is_left_of_a_sum_that_cancels_is_written_as_zero():
    slopes = np.array([-4.3e-17, 0.25, 1e-9])
    np.testing.assert_array_equal(weights.without_rounding(slopes), [0, 0.25, 1e-9])
