"""The challenges of the Softmax page."""

from __future__ import annotations

from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import softmax
from ui.softmax.panels import put
from ui.widgets.challenges import Bars, Challenges, Choice, Goal, Prediction, Task
from ui.widgets.logit_board import class_names

FIRST = (2.0, 1.0, 0.1)


def _table() -> list[Task]:
    return [
        Prediction(
            "shares",
            _("The logits are 2, 1 and 0.1. Sketch the three probabilities before you look."),
            Bars(class_names()[:3]),
            truth=lambda: softmax(list(FIRST)).tolist(),
            explanation=_(
                "Each probability is *e*ᶻ divided by the sum of all three: one more in *z* counts 2.718 times as much."
            ),
            before=lambda: put(FIRST),
            reveal=lambda: put(FIRST),
        ),
        Prediction(
            "shift",
            _("Now 5 is added to every logit. What happens to the largest probability?"),
            Choice((_("it grows"), _("it stays"), _("it falls"))),
            truth=lambda: 1,
            explanation=_(
                "Only differences of logits count: *e*⁵ stands above and below the line and cancels."
            ),
            before=lambda: put(FIRST),
            reveal=lambda: put([z + 5 for z in FIRST]),
        ),
        Goal(
            "nine_tenths",
            _("Bring the probability of **cat** above 0.9 by moving the other two logits only."),
            reached=_nine_tenths,
            hint=_("Lower **dog** and **bird**: what counts is how far they lie below **cat**."),
            explanation=_(
                "The logit of **cat** did not move. Softmax compares: when the others fall, its share grows."
            ),
            before=lambda: put(FIRST),
        ),
    ]


def _nine_tenths(state: BoardState) -> bool:
    return state.logits[0] == FIRST[0] and float(softmax(state.shown, temperature=state.temperature)[0]) > 0.9


CHALLENGES = Challenges("softmax", _table)
