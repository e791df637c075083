"""Huffman codes against Kraft's equality, the bounds of Shannon and every code there is."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import scipy.stats as stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from softmax_core.huffman import HuffmanCode, huffman, sample_message

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=10).filter(any)


def shares(raw: list[int]) -> np.ndarray:
    return np.array(raw) / sum(raw)


@given(weights)
def test_it_is_a_full_prefix_code_between_the_bounds_of_shannon(raw: list[int]) -> None:
    p = shares(raw)
    code = huffman(p)
    words = [word for word in code.words if word is not None]
    assert [word is None for word in code.words] == [share == 0 for share in p]
    assert sum(2.0 ** -len(word) for word in words) == 1
    for one, other in itertools.permutations(words, 2):
        assert not other.startswith(one)
    H = stats.entropy(p, base=2)
    assert H - 1e-12 <= code.average_length < H + 1
    assert code.average_length == pytest.approx(
        sum(s * len(w or "") for s, w in zip(p, code.words, strict=True))
    )


def best_average_length(p: np.ndarray) -> float:
    """Try every set of lengths that some prefix code has (Kraft's inequality)."""
    lengths = itertools.product(range(1, len(p) + 1), repeat=len(p))
    return min(
        float(np.dot(p, each)) for each in lengths if sum(2.0**-length for length in each) <= 1
    )  # fmt: skip


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5))
def test_no_code_is_shorter(raw: list[int]) -> None:
    p = shares(raw)
    assert huffman(p).average_length == pytest.approx(best_average_length(p), rel=1e-12)


def test_powers_of_a_half_reach_the_entropy() -> None:
    p = [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16]
    code = huffman(p)
    assert code.words == ("0", "10", "110", "1110", "1111")
    assert code.average_length == stats.entropy(p, base=2) == 1.875


@given(weights, st.integers(0, 2**31), st.integers(0, 60))
def test_a_message_comes_back(raw: list[int], seed: int, length: int) -> None:
    p = shares(raw)
    code, message = huffman(p), sample_message(p, length, seed)
    assert message.shape == (length,)
    assert (p[message] > 0).all()
    bits = code.encode(message)
    assert len(bits) == sum(len(code.words[s]) for s in message.tolist())
    if max(len(word or "") for word in code.words):
        assert_array_equal(code.decode(bits), message)
    else:
        assert bits == ""


def test_a_long_message_comes_close_to_the_average() -> None:
    p = np.array([0.4, 0.3, 0.2, 0.1])
    code, message = huffman(p), sample_message(p, 20_000, seed=3)
    assert len(code.encode(message)) / 20_000 == pytest.approx(code.average_length, abs=0.02)
    counts = np.bincount(message, minlength=4)
    assert stats.chisquare(counts, 20_000 * p).pvalue > 0.001


def test_the_message_depends_on_the_seed_alone() -> None:
    p = [0.2, 0.3, 0.5]
    assert_array_equal(sample_message(p, 50, 7)[:20], sample_message(p, 20, 7))
    assert (sample_message(p, 50, 7) != sample_message(p, 50, 8)).any()


def test_the_tree_adds_up() -> None:
    code = huffman([0.4, 0.0, 0.3, 0.2, 0.1])
    assert isinstance(code, HuffmanCode)
    assert len(code.merges) == 3
    nodes = code.weights()
    assert nodes[-1] == pytest.approx(1)
    # The sum of all inner nodes is the average length: every symbol is counted once per level.
    assert math.fsum(nodes[5:]) == pytest.approx(code.average_length)


def test_bad_input_is_named() -> None:
    for function in (huffman, lambda p: sample_message(p, 3, 0)):
        with pytest.raises(ValueError, match=r"sum 1\.1"):
            function([0.5, 0.6])
        with pytest.raises(ValueError, match=r"shape \(1, 2\)"):
            function([[0.5, 0.5]])
        with pytest.raises(ValueError, match=r"shape \(0,\)"):
            function([])
    code = huffman([0.5, 0.5, 0.0])
    with pytest.raises(ValueError, match="probability 0 has no word, received 2"):
        code.encode([0, 2])
    with pytest.raises(ValueError, match="received 3"):
        code.encode([3])
    with pytest.raises(ValueError, match="received '1'"):
        huffman([0.5, 0.25, 0.25]).decode("01")
    with pytest.raises(ValueError, match="received -1"):
        sample_message([1.0], -1, 0)
    with pytest.raises(ValueError, match=r"seed .* received -1"):
        sample_message([1.0], 1, -1)
