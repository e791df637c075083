"""Formulas with the learner's numbers in the class colours, and the meaning of their letters."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.style import class_ink
from locales import _, once
from ui import escape
from ui.widgets.show import LOWERED, TIMES_TEN, class_mark, in_sentence, is_dark


@once
def meaning() -> dict[str, tuple[str, str]]:
    """Return the symbols of the lessons: code -> (how it is written, in HTML; what it means)."""
    return {
        "z": ("<i>z<sub>j</sub></i>", _("logit of class j, in nats")),
        "p": ("<i>p<sub>j</sub></i>", _("predicted probability of class j")),
        "y": ("<i>y<sub>j</sub></i>", _("target: how much of the truth is class j")),
        "t": ("<i>t</i>", _("the true class")),
        "L": ("<i>L</i>", _("loss of this sample, in nats")),
        "any_loss": ("<i>L</i>", _("the loss of this sample; only cross-entropy is in nats")),
        "likelihood": ("<i>P</i>(<i>Y</i> | <i>X</i>)", _("likelihood: the probability that the model gave to what was true of all samples")),
        "p_ij": ("<i>p<sub>ij</sub></i>", _("probability of class j for sample i")),
        "y_ij": ("<i>y<sub>ij</sub></i>", _("1 where j is the true class of sample i, else 0")),
        "K": ("<i>K</i>", _("number of classes")),
        "h": ("<i>h</i>", _("a small change of one logit")),
        "eta": ("<i>η</i>", _("learning rate: how far a step goes")),
        "n": ("<i>n</i>", _("number of samples")),
        "eps": ("<i>ε</i>", _("a small constant inside the logarithm")),
        "lambda": ("<i>λ</i>", _("strength of the L2 penalty")),
        "W": ("<i>W</i>", _("weights")),
        "g": ("∂<i>L</i>/∂<i>z<sub>j</sub></i>", _("slope of the loss when logit j moves")),
        "delta": ("<i>δ</i>", _("where the Huber loss goes over from a parabola into a line")),
        "P": ("<i>P</i>", _("the distribution that the symbols come from")),
        "Q": ("<i>Q</i>", _("the distribution that is believed")),
        "H": ("<i>H</i>", _("entropy: the mean surprise")),
        "KL": ("KL", _("divergence: the extra surprise of believing Q")),
        "l": ("<i>ℓ<sub>j</sub></i>", _("length of the code word of symbol j, in bits")),
        "pj": ("<i>p<sub>j</sub></i>", _("probability of symbol j under P")),
        "qj": ("<i>q<sub>j</sub></i>", _("probability of symbol j under Q")),
        "HPQ": ("<i>H</i>(<i>P</i>, <i>Q</i>)", _("cross-entropy: the mean surprise of one who believes Q")),
        "sum": ("Σ<sub><i>k</i></sub>", _("sum over all classes k")),
        "J": ("<i>J<sub>jk</sub></i>", _("Jacobian of softmax: the slope of p of class j when logit k moves")),
        "jk": ("[<i>j</i> = <i>k</i>]", _("1 where j is k, else 0")),
        "z_ik": ("<i>z<sub>i,k</sub></i>", _("logit of class k for picture i")),
        "z_k": ("<i>z<sub>k</sub></i>", _("logit of class k")),
        "pixel_j": ("<i>x<sub>j</sub></i>", _("grey of pixel j, from 0 (black) to 1 (white)")),
        "Wjk": ("<i>W<sub>j,k</sub></i>", _("weight from pixel j to class k")),
        "b": ("<i>b<sub>k</sub></i>", _("bias of class k")),
        "d": ("<i>d</i>", _("number of inputs")),
        "q": ("<i>q</i>", _("number of outputs; in softmax regression one for each class, K")),
        "products": ("<i>n</i>", _("number of Kronecker products, here only; elsewhere n is the number of samples")),
        "grad": ("∇<i>L</i>", _("gradient of the loss: one slope for each weight")),
        "sample": ("<i>L<sub>i</sub></i>, <i>x<sub>i</sub></i>, <i>p<sub>i</sub></i>, <i>y<sub>i</sub></i>", _("loss, inputs, probabilities and target of sample i")),
        "mean": ("<i>L</i>", _("mean loss over the samples, in nats")),
        "summed": ("<i>g</i>", _("the slopes of the single losses, added up")),
        "norm": ("‖<i>W</i>‖", _("size of the weights: the root of the sum of their squares")),
        "max": ("max <i>z</i>", _("the largest logit")),
        "expected": ("<i>ȳ</i>", _("average of the class numbers, weighted with p")),
        "R": ("<i>R</i>", _("average length of a code word, in bits")),
    }  # fmt: skip


def tex(x: float, digits: int = 3) -> str:
    """Write a number for a formula, a negative one with a real minus and a power of ten as such.

    What is almost 1 has up to six decimals, so that it is not written as 1.
    """
    text = in_sentence(x, digits)
    if text in ("NaN", "∞", "−∞"):
        return {"NaN": r"\text{NaN}", "∞": r"\infty", "−∞": r"-\infty"}[text]
    mantissa, power, exponent = text.replace("−", "-").partition(TIMES_TEN)
    return rf"{mantissa} \times 10^{{{exponent.translate(LOWERED)}}}" if power else mantissa


def signed(x: float, digits: int = 3) -> str:
    """Write a number for the middle of a formula: a negative one in parentheses."""
    text = tex(x, digits)
    return f"({text})" if text.startswith("-") else text


def of_class(k: int, text: str) -> str:
    """Give a piece of a formula the colour of class ``k``."""
    return rf"\textcolor{{{class_ink(k, is_dark())}}}{{{text}}}"


def letter(name: str, k: int) -> str:
    """Write a letter with the number of class ``k`` below it, in its colour."""
    return of_class(k, rf"{name}_{{{k + 1}}}")


def terms(parts: Sequence[str], most: int = 5, sign: str = " + ") -> str:
    """Join the terms of a sum; of a long one the first and the last."""
    written = list(parts) if len(parts) <= most else [*parts[: most - 2], r"\dots", parts[-1]]
    return sign.join(written)


def vector(values: Sequence[float], digits: int = 3) -> str:
    """Write one number per class as a row, each in its class's colour."""
    return r"\left(" + r",\; ".join(of_class(k, tex(v, digits)) for k, v in enumerate(values)) + r"\right)"


def where(*codes: str, names: Sequence[str] = ()) -> None:
    """Explain the letters of the formulas above: one line, with the classes by number where there are any."""
    meanings = meaning()
    letters = [f"<span>{meanings[code][0]} {escape.html(meanings[code][1])}</span>" for code in codes]
    classes = [f"<span>{k + 1} = {class_mark(k, name)}</span>" for k, name in enumerate(names)]
    st.html(f'<p class="lab-where">{"".join(letters + classes)}</p>')
