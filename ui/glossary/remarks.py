"""What a term is often mistaken for, and where it comes from: a sentence each, by the code of the term."""

from __future__ import annotations

from locales import _


def mistakes() -> dict[str, str]:
    """Return what to beware of, by term."""
    return {
        "softmax": _("Softmax is not max: every class keeps some probability. A soft argmax would be the better name."),
        "probability": _("A probability of 0.9 is what the model says. Whether it is right nine times out of ten is another question: see calibration."),
        "calibration": _("Softmax does not make probabilities true. Far from the data a model can be wrong and very sure."),
        "loss": _("A right answer does not have the loss 0: with p = 0.6 for the true class it is still −log 0.6 = 0.511."),
        "accuracy": _("Equal accuracy is not equal loss: accuracy only sees which class is first, not by how much."),
        "template": _("A template says something only beside the others: the same picture added to all of them changes no probability."),
        "weight": _("W is not unique: adding one and the same column to every column of W leaves all probabilities as they were. An L2 penalty picks one of them."),
        "hidden_layer": _("Softmax at the end does not bend a boundary: without hidden layers or new features it stays straight."),
        "label": _("Its number is a name and not a size."),
        "kl": _("It is not a distance: KL(P ‖ Q) and KL(Q ‖ P) differ."),
    }  # fmt: skip


def history() -> dict[str, str]:
    """Return where a term comes from."""
    return {
        "softmax": _("John Bridle gave it this name in 1990; physics has known the formula as the Boltzmann distribution since 1868."),
        "entropy": _("Claude Shannon founded information theory with it in 1948."),
        "bit": _("Short for binary digit. Shannon used the word in 1948 and thanked John Tukey for it."),
        "kl": _("Named after Solomon Kullback and Richard Leibler, 1951."),
        "huffman": _("David Huffman found it as a student, in place of an examination; it was published in 1952."),
        "mnist": _("Yann LeCun, Corinna Cortes and Christopher Burges put it together in the 1990s. Employees of the American Census Bureau and high-school students had written the digits."),
        "fashion_mnist": _("Made by Zalando in 2017 because MNIST had become too easy."),
    }  # fmt: skip
