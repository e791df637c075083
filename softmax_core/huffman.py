"""Huffman codes: a word of 0 and 1 for every symbol, with the least average length.

Conventions: symbols are the classes 0 .. K-1 of a distribution; lengths are in bits, and so is the
entropy that they are compared with.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.validation import (
    Float64Array,
    IntArray,
    as_float_array,
    as_labels,
    check_distributions,
    whole_number,
)


@dataclass(frozen=True)
class HuffmanCode:
    """A prefix code of the smallest average length. `huffman` makes it.

    Attributes
    ----------
    probabilities : tuple of float
        The distribution (K,) that the code was made for.
    words : tuple of str or None
        One word of 0 and 1 for every symbol; None for a symbol that never comes. If one symbol alone
        can come, its word is empty.
    merges : tuple of (int, int)
        How the tree was built. Nodes 0 .. K-1 are the symbols, and merge m joins two earlier nodes to
        node K + m: the first of them continues words with 0, the second with 1. The last is the root.

    Examples
    --------
    >>> huffman([0.5, 0.25, 0.25]).merges        # 2 and 1 make node 3; 0 and 3 make the root
    ((1, 2), (0, 3))
    """

    probabilities: tuple[float, ...]
    words: tuple[str | None, ...]
    merges: tuple[tuple[int, int], ...]

    @property
    def average_length(self) -> float:
        """Mean length of a word in bits, ``sum_j p_j * len(word_j)``; H(P) <= it < H(P) + 1."""
        return math.fsum(
            p * len(word) for p, word in zip(self.probabilities, self.words, strict=True) if word
        )

    def weights(self) -> tuple[float, ...]:
        """Return the probability of every node: the K symbols, then the merges."""
        nodes = list(self.probabilities)
        for left, right in self.merges:
            nodes.append(nodes[left] + nodes[right])
        return tuple(nodes)

    def encode(self, message: npt.ArrayLike) -> str:
        """Write a message as bits, word after word with nothing between them.

        Parameters
        ----------
        message : array_like of int, shape (n,)
            Symbols.

        Raises
        ------
        ValueError
            If a symbol is none, or has no word because its probability is 0.

        Examples
        --------
        >>> huffman([0.5, 0.25, 0.25]).encode([0, 1, 2])
        '01011'
        """
        symbols = as_labels(message, len(self.words))
        wordless = [s for s in symbols.ravel().tolist() if self.words[s] is None]
        if wordless:
            raise ValueError(f"a symbol of probability 0 has no word, received {wordless[0]}")
        return "".join(str(self.words[s]) for s in symbols.ravel().tolist())

    def decode(self, bits: str) -> IntArray:
        """Read a message back. No word begins another, so no separator is needed.

        Raises
        ------
        ValueError
            If the bits end within a word or are no words of this code.

        Examples
        --------
        >>> huffman([0.5, 0.25, 0.25]).decode("01011")
        array([0, 1, 2])
        """
        symbol_of = {word: s for s, word in enumerate(self.words) if word}
        symbols, word = [], ""
        for bit in bits:
            word += bit
            if word in symbol_of:
                symbols.append(symbol_of[word])
                word = ""
        if word:
            raise ValueError(f"the bits end within a word, received {word[:40]!r} at the end")
        return np.array(symbols, dtype=np.int64)


def huffman(p: npt.ArrayLike) -> HuffmanCode:
    """Build a Huffman code: join the two least probable nodes until one is left.

    Parameters
    ----------
    p : array_like, shape (K,)
        A distribution.

    Returns
    -------
    HuffmanCode
        Ties are broken by the order of the nodes, so the same distribution gives the same code.
        Where all probabilities are powers of 1/2 its average length is the entropy itself.

    Raises
    ------
    ValueError
        If `p` is no distribution (the message has its sum) or no vector.

    Notes
    -----
    D. A. Huffman, "A Method for the Construction of Minimum-Redundancy Codes", Proc. IRE 40 (1952).

    Examples
    --------
    A fair coin needs a bit, and so does one that nearly always falls on heads: a word cannot be
    shorter than one bit, however little information it carries.

    >>> huffman([0.5, 0.25, 0.125, 0.125]).words
    ('0', '10', '110', '111')
    >>> huffman([0.99, 0.01]).average_length, huffman([1.0, 0.0]).words
    (1.0, ('', None))
    """
    P = _distribution(p)
    K = P.size
    queue = [(share, node) for node, share in enumerate(P.tolist()) if share > 0]
    heapq.heapify(queue)
    merges: list[tuple[int, int]] = []
    while len(queue) > 1:
        least, one = heapq.heappop(queue)
        next_least, other = heapq.heappop(queue)
        # The more probable branch gets the 0, on a tie the earlier node, so that words read in order.
        pair = (one, other) if (least, -one) > (next_least, -other) else (other, one)
        heapq.heappush(queue, (least + next_least, K + len(merges)))
        merges.append(pair)
    return HuffmanCode(tuple(P.tolist()), tuple(_words(K, merges, queue[0][1])), tuple(merges))


def sample_message(p: npt.ArrayLike, length: int, seed: int) -> IntArray:
    """Draw a message of independent symbols from a distribution.

    Parameters
    ----------
    p : array_like, shape (K,)
        A distribution.
    length : int
        Number of symbols, at least 0.
    seed : int
        At least 0. The same seed gives the same message, and a longer one begins with a shorter one.

    Raises
    ------
    ValueError
        If `p` is no distribution, or `length` or `seed` is no whole number of at least 0.

    Examples
    --------
    >>> sample_message([0.0, 1.0], 4, seed=0)
    array([1, 1, 1, 1])
    """
    P = _distribution(p)
    chance = np.random.default_rng(whole_number("seed", seed, 0)).random(whole_number("length", length, 0))
    edges = np.cumsum(P)
    # A number above the last edge, which rounding may leave below 1, belongs to the last symbol that can come.
    last = int(np.flatnonzero(P)[-1])
    return np.minimum(np.searchsorted(edges, chance, side="right"), last).astype(np.int64)


def _distribution(p: npt.ArrayLike) -> Float64Array:
    P = as_float_array(p, "p").astype(np.float64)
    if P.ndim != 1 or P.size == 0:
        raise ValueError(f"p must be a vector with at least one entry, received shape {P.shape}")
    check_distributions(P, "p")
    return P


def _words(K: int, merges: list[tuple[int, int]], root: int) -> list[str | None]:
    """Return the word of every symbol by walking down from the root."""
    words: list[str | None] = [None] * K
    open_nodes = [(root, "")]
    while open_nodes:
        node, word = open_nodes.pop()
        if node < K:
            words[node] = word
        else:
            zero, one = merges[node - K]
            open_nodes += [(zero, word + "0"), (one, word + "1")]
    return words
