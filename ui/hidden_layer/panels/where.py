"""The panel on the place of softmax: at the end, where it belongs, or where it breaks something; measured by runs."""

from __future__ import annotations

import numpy as np
import streamlit as st

from locales import _, joined
from softmax_core.training import Segment, loss_of
from ui.hidden_layer.challenges import lowest_with_sigmoid
from ui.training.lesson import Setup
from ui.training.run import LONGEST
from ui.training.session import Run
from ui.training.settings import PLACE, PLACES, hidden_units, shown_value
from ui.widgets.jobs import Pending
from ui.widgets.show import number, percent, table
from ui.widgets.waiting import show_progress

HARDLY_WORSE = 1.25  # times the loss


def where(setup: Setup) -> None:
    """Compare the three places on the same points, from the same start and settings."""
    if hidden_units(setup.settings) == 0:
        st.info(_("Without hidden units there is no place to choose. Take at least one unit above."))
        return
    place = str(setup.settings[PLACE.name])
    try:
        runs = {code: setup.train((Segment(0, {**setup.settings, PLACE.name: code}),)) for code in PLACES}
    except Pending as pending:  # the stage is mounted already, so only the panel waits
        show_progress(pending.job, "training", LONGEST)
        return
    rows = [
        [
            shown_value(PLACE.name, code),
            number(float(one.trajectory.loss[-1]), 3),
            percent(float(one.trajectory.accuracy[-1])),
            number(_sum_of_outputs(one), 2),
        ]
        for code, one in runs.items()
    ]
    head = [_("Softmax"), _("loss after the run"), _("accuracy after the run"), _("sum of the outputs")]
    table(head, rows, marked=PLACES.index(place), folds=False)
    st.caption(
        _("Outputs that do not sum to 1 are no probabilities: their loss cannot be compared with the others.")
    )
    st.markdown(_explanation(place, runs))
    if place != "last":
        st.caption(_("Softmax belongs to the end, once: there it makes one distribution of all scores."))


def _sum_of_outputs(run: Run) -> float:
    """Return the mean over the training points of the sum of what the model says of the classes."""
    path = run.trajectory
    loss = loss_of(run.train, path.config, run.features)
    return float(np.sum(loss.probabilities(path.thetas[-1]), axis=0).mean())


def _explanation(place: str, runs: dict[str, Run]) -> str:
    if place == "hidden":
        units = runs["hidden"].trajectory.config.hidden
        if units == 1:
            return _(
                "The activations must sum to 1, and there is only one: it is always 1. The unit says nothing about *x*, and its weights get no gradient."
            )
        text = _(
            "The {h} activations must sum to 1: one can only grow if others shrink. Once {less} of them are known the last one is too, so {h} units do the work of about {less}. And a unit near 0 or 1 hardly gets a gradient."
        ).format(h=units, less=units - 1)
        losses = [runs[code].trajectory.loss[-1] for code in ("last", "hidden")]
        if losses[1] < HARDLY_WORSE * losses[0]:
            text = joined(text, _("Here that is still enough: take fewer units above."))
        return text
    if place == "twice":
        return _(
            "The sigmoid squeezes *p* from 0…1 into 0.5…0.73. The outputs do not sum to 1 any more, so they are no probabilities. Even a model that is right and sure keeps a loss of {lowest}, and where it is wrong its gradient is small."
        ).format(lowest=number(lowest_with_sigmoid(), 4))
    return _(
        "At the end, softmax turns the scores into probabilities that sum to 1. With cross-entropy the gradient of the scores is *p* − *y*: large where the model is wrong. Move softmax above and see what breaks."
    )
