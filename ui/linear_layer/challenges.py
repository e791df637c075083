"""The challenges of the Linear layer page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from instruments import grey_picture
from instruments.grey_picture import CLASSES, PIXELS, GreyState
from locales import _
from ui.widgets import guesses
from ui.widgets.challenges import Attempt, Challenges, Choice, Goal, Number, Prediction, Task
from ui.widgets.grey_picture import logits_of, species, typical
from ui.widgets.show import number

PAD = "linear_layer_pad"
SUM = (0.5, 1.0, 0.0, 1.0)
UNDECIDED = (0.6, 0.6, 0.3, 0.5)
TIE = 0.005  # two logits that are printed alike
CAT, DOG, BIRD = range(CLASSES)


def pictured(x: Sequence[float], target: int = CAT) -> GreyState:
    """Return a picture before the hand-made weights."""
    return replace(typical(target), x=tuple(x))


def twins() -> GreyState:
    """Return a typical dog before weights where the dog has those of the cat, and its bias."""
    state = typical(DOG)
    W, b = np.array(state.rows), np.array(state.b)
    W[:, DOG], b[DOG] = W[:, CAT], b[CAT]
    return replace(state, W=tuple(W.ravel().tolist()), b=tuple(b.tolist()))


def one_pixel_makes_a_bird(state: GreyState) -> bool | str:
    """Whether the bird wins after one pixel of the picture, and nothing else, was changed."""
    start = pictured(UNDECIDED)
    changed = sum(now != before for now, before in zip(state.x, start.x, strict=True))
    z = logits_of(state)
    if (state.W, state.b) != (start.W, start.b):
        return _("a weight was changed. Start again.")
    if changed > 1:
        return _("more than one pixel was changed. Start again.")
    return changed == 1 and z[BIRD] > max(z[CAT], z[DOG])


def all_equal(state: GreyState) -> bool:
    """Whether the three logits are printed alike."""
    z = logits_of(state)
    return max(z) - min(z) < TIE


def other_weights_same_answers(state: GreyState) -> bool:
    """Whether the weights are others and yet give every picture the probabilities of the hand-made ones.

    They do where the change of each row, and of the biases, is the same for all classes.
    """
    start = typical(CAT)
    change = np.vstack([np.array(state.rows) - np.array(start.rows), np.array(state.b) - np.array(start.b)])
    spread = change.max(axis=1) - change.min(axis=1)
    return bool(np.abs(change).max() > 1e-6 and spread.max() < 1e-6)


def _put(state: GreyState) -> None:
    grey_picture.put(PAD, state)


def darker() -> GreyState:
    """Return the typical cat at half its brightness."""
    return pictured([grey / 2 for grey in typical(CAT).x])


def way_of_the_bird() -> int:
    """Return what the score of the bird does when the cat gets darker: 0 falls, 1 stays, 2 rises."""
    gap = logits_of(darker())[BIRD] - logits_of(typical(CAT))[BIRD]
    return int(np.sign(gap)) + 1


def can_be_told_apart() -> int:
    """Return 1 where no picture gives twins of the same weights and bias two scores."""
    W, b = np.array(twins().rows), np.array(twins().b)
    corners = np.stack(np.meshgrid(*[[0.0, 1.0]] * PIXELS), axis=-1).reshape(
        -1, PIXELS
    )  # a linear gap is largest at one
    gaps = corners @ (W[:, CAT] - W[:, DOG]) + b[CAT] - b[DOG]
    return 1 if np.abs(gaps).max() == 0 else 0


def _table() -> list[Task]:
    cat, dog, bird = species()
    return [
        Prediction(
            "darker",
            _("A typical cat gets half as bright. What happens to the score of **{name}**, which is {z}?").format(
                name=bird, z=number(logits_of(typical(CAT))[BIRD], 2)
            ),
            Choice((_("It falls"), _("It stays"), _("It rises"))),
            truth=way_of_the_bird,
            explanation=_("Every product is halved, those below zero too. So each score moves towards its bias, some down and some up."),
            before=lambda: _put(typical(CAT)),
            reveal=lambda: _put(darker()),
            about="net",
        ),
        Prediction(
            "score",
            _("What is the score of **{name}** for this picture? Its sum stands below the network.").format(name=cat),
            Number(close=0.05, low=-100, high=100),
            truth=lambda: logits_of(pictured(SUM))[CAT],
            explanation=_("Each pixel is multiplied by its weight, and the bias is added once. A black pixel adds nothing."),
            before=lambda: _put(pictured(SUM)),
            reveal=lambda: _put(pictured(SUM)),
            about="sum",
        ),
        Goal(
            "one_pixel",
            _("Make **{name}** win by changing one pixel only. Leave the weights as they are.").format(name=bird),
            reached=one_pixel_makes_a_bird,
            hint=_("Look down the column of **{name}**: brighten where its weight is largest, or darken where it is most negative.").format(name=bird),
            explanation=_("A pixel moves all three scores at once, each by its own weight."),
            before=lambda: _put(pictured(UNDECIDED)),
            about="net",
        ),
        Prediction(
            "twins",
            _("**{second}** gets the weights and the bias of **{first}**. Can any picture tell the two apart?").format(first=cat, second=dog),
            Choice((_("Yes, some pictures can"), _("No, none can"))),
            truth=can_be_told_apart,
            explanation=_("Equal weights give equal scores, whatever the picture. A column of *W* says something only when compared with the other columns."),
            before=lambda: _put(typical(DOG)),
            reveal=lambda: _put(twins()),
            about="weights",
        ),
        Goal(
            "tie",
            _("Make all three scores equal."),
            reached=all_equal,
            hint=_("Paint every pixel black. What is left of the sum? Click a number to type it."),
            explanation=_("All three probabilities are 1/3: softmax sees only the differences, and there are none."),
            before=lambda: _put(typical(CAT)),
            about="net",
        ),
        Goal(
            "other_weights",
            _("Change some weights or biases so that no probability changes, whatever the picture."),
            reached=other_weights_same_answers,
            hint=_("Add the same number to the three weights of one pixel: to its whole row."),
            explanation=_("All three scores changed by the same amount, and softmax compares. So *W* and *b* are not unique: many of them are the same model."),
            before=lambda: _put(typical(CAT)),
            about="weights",
        ),
    ]  # fmt: skip


def revealed(attempt: Attempt) -> GreyState | None:
    """Return the board that `compared` and `laid_over` are about: that of the reveal."""
    if not attempt.shown:
        return None
    boards = {"darker": darker(), "score": pictured(SUM), "twins": twins()}
    return boards.get(attempt.task.code)


def compared(attempt: Attempt) -> list[float] | None:
    """Return the logits to compare with: those before the reveal."""
    if not attempt.shown:
        return None
    before = {"darker": typical(CAT), "twins": typical(DOG)}.get(attempt.task.code)
    return None if before is None else logits_of(before)


def laid_over(attempt: Attempt) -> dict[str, Any] | None:
    """Return what was predicted of one logit. That twins can be told apart is shown by the card alone: it is about every picture."""
    if not attempt.prediction:
        return None
    (guess,) = attempt.prediction
    if attempt.task.code == "score":
        return {"k": CAT, "text": guesses.said(guess)}
    return {"k": BIRD, "text": guesses.rising(int(guess) - 1)} if attempt.task.code == "darker" else None


CHALLENGES = Challenges("linear_layer", _table, instrument=("linear_layer_pad_",))
