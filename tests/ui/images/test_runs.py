"""A run in the link: written, read back, refused."""

import pytest

from softmax_core.images import digits
from softmax_core.optimizers import Adam, GradientDescent, Momentum
from softmax_core.training import EpochConfig
from ui.images.runs import (
    BATCHES,
    MOST_PARTS,
    PENALTIES,
    RATES,
    STANDARD,
    Part,
    arrival,
    parts_of,
    read_run,
    run_text,
)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("make", [GradientDescent, Adam, lambda rate: Momentum(rate, 0.29)])
def test_every_run_that_the_page_offers_comes_back(rate, make):
    parts = tuple(
        Part(EpochConfig(make(rate), batch, l2, seed), epochs)
        for batch, l2, seed, epochs in zip(
            BATCHES, PENALTIES, range(0, 9999, 1300), range(1, 49, 6), strict=True
        )
    )
    text = run_text(parts)
    assert read_run(text) == parts
    assert text.replace("_", "").replace("-", "").replace(".", "").isalnum()


def test_no_training_is_a_run_too():
    assert read_run(run_text(())) == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "momentum", "newton_0.1_0_256_0_0_20", "sgd_0.15_0_256_0_0_20", "sgd_0.1_0_255_0_0_20", "sgd_0.1_0_256_0_0_0",
        "sgd_0.1_0_256_0_0_1.5", "sgd_0.1_0_256_0_-1_5", "momentum_0.1_1_256_0_0_5", "sgd_0.1_0_256_0_0_5000",
        "sgd_0.1_0_256_0_0_20_1", "-".join(["sgd_0.1_0_256_0_0_1"] * (MOST_PARTS + 1)), "-".join(["sgd_0.1_0_256_0_0_1000"] * 3),
    ],
)  # fmt: skip
def test_what_is_no_run_is_refused(text):
    with pytest.raises(ValueError):
        read_run(text)


def test_epochs_with_the_same_settings_are_one_part():
    other = EpochConfig(Adam(0.1))
    assert parts_of([STANDARD.config] * 3 + [other] * 2 + [STANDARD.config]) == (
        Part(STANDARD.config, 3), Part(other, 2), Part(STANDARD.config, 1),
    )  # fmt: skip


def test_only_the_apps_own_digits_are_trained_on_arrival():
    assert arrival(digits(), STANDARD) == (STANDARD,)
