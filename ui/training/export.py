"""What can be downloaded from the Training page: a script, an animation, the numbers, the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from instruments.training_stage import StageData, StageView
from instruments.training_stage.film import film_html
from locales import _, joined
from softmax_core.export import (
    NoTemplateError,
    OneClassError,
    notebook,
    numpy_script,
    sklearn_script,
    torch_script,
)
from ui import escape
from ui.frame import language, sharing
from ui.training.optimum import found_or_shown, optimum_search
from ui.training.saved import PREFIX, as_json, load
from ui.training.session import Plan, Run
from ui.training.stage import class_names, feature_names, message_of
from ui.training.upload import UPLOAD_SOURCE
from ui.widgets import controls
from ui.widgets.show import number
from ui.widgets.tables import FOR_TABLES

MOST_LINES = 700  # of a script that is shown; the file has them all
MOST_NUMBERS = 400_000  # of a trajectory as CSV


def takeaway(plan: Plan, run: Run, step: int) -> None:
    """Offer the run in one of four forms."""
    forms = {
        "code": (_("Code"), _code), "film": (_("Animation"), _film), "numbers": (_("Numbers"), _numbers),
        "run": (_("Save and load"), _run),
    }  # fmt: skip
    controls.panel("training_form", _("Form"), forms)(plan, run, step)


def _code(plan: Plan, run: Run, step: int) -> None:
    kinds = {"numpy": "NumPy", "sklearn": "scikit-learn", "torch": "PyTorch"}
    kind = controls.segmented("training_code", _("Library"), kinds, "numpy", label_visible=False)
    try:
        text = _script(kind, run.revision, plan, run)
    except NoTemplateError as error:
        sentence = _(
            "There is no {library} script for {name}: scripts are written for the optimisers, schedules and features that come with this page."
        )
        st.info(sentence.format(library=error.library, name=escape.markdown(error.name)))
        return
    except OneClassError:
        st.info(_("scikit-learn needs points of at least two classes."))
        return
    if kind != "sklearn" or found_or_shown(optimum_search(run), "script"):
        st.markdown(promise(kind, plan, run))
    controls.download(
        _("Download the script"), text.encode(), f"softmax_{kind}.py", "text/x-python", "training_code_file"
    )
    if kind == "numpy":
        controls.download(
            _("Download as a notebook (Jupyter)"),
            as_notebook(text, run).encode(),
            "softmax.ipynb",
            "application/x-ipynb+json",
            "training_notebook_file",
        )
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        st.caption(
            _("Shown are the first {n} of {all} lines; the file has them all.").format(n=MOST_LINES, all=len(lines))
        )  # fmt: skip
    st.code("\n".join(lines[:MOST_LINES]), language="python", height=420)


@st.cache_resource(max_entries=8, show_spinner=False)
def _script(kind: str, revision: str, _plan: Plan, _run: Run) -> str:
    return written(kind, _plan, _run)


def written(kind: str, plan: Plan, run: Run) -> str:
    """Return a run as a script, kind "numpy", "sklearn" or "torch": the present settings from step 0 on.

    Raises
    ------
    NoTemplateError, OneClassError
        If there is no such script.
    """
    config = replace(run.trajectory.config, steps=run.trajectory.steps)
    if kind == "sklearn":
        return sklearn_script(run.train, config)
    write = numpy_script if kind == "numpy" else torch_script
    return write(run.train, config, plan[0].weights)


def as_notebook(text: str, run: Run) -> str:
    """Return the NumPy script of a run as a notebook that compares its weights with those of the run."""
    path = run.trajectory
    words = {
        "title": "# " + _("Softmax regression from scratch") + "\n\n"
        + _("Points and settings are those of a run in Softmax Lab: {points} points, {steps} steps.").format(points=run.train.y.size, steps=path.steps),
        "accuracy": _("How many training points does the model get right?"),
        "compare": _("The weights of the run on the page. The largest difference is rounding only, unless settings were changed on the way."),
    }  # fmt: skip
    return notebook(text, path.thetas[-1], words)


def promise(kind: str, plan: Plan, run: Run) -> str:
    """Return the sentence about what the script prints."""
    path = run.trajectory
    if kind == "sklearn":
        return _optimum_promise(run)
    if len(plan) > 1:
        return _("The present settings from step 0 on. What was changed on the way is not part of a script.")
    is_batched = path.config.minibatch(run.train.y.size) is not None
    # Batches make the loss go up and down in any case; there it is no sign of a rate that is too large.
    is_unsettled = path.outcome in ("rose", "diverged") or (path.outcome == "oscillated" and not is_batched)
    sentence = (
        _(
            "This run goes up and down. There rounding errors can grow, so the script may end elsewhere than at the **{loss}** that this page has after {steps} steps."
        )
        if is_unsettled
        else _("It prints the loss **{loss}** after {steps} steps, as this page has it.")
    ).format(loss=number(float(path.loss[-1]), 6), steps=path.steps)
    return joined(_("NumPy alone, from the points to the loss.") if kind == "numpy" else "", sentence)


def _optimum_promise(run: Run) -> str:
    optimum, config = optimum_search(run).optimum, run.trajectory.config
    loss = number(optimum.loss, 6)
    if optimum.at_infinity:
        return _(
            "No finite weights are best, so scikit-learn stops on the way: it prints a loss a little above **{loss}**."
        ).format(loss=loss)
    if optimum.is_rounded:
        return _(
            "The best possible is **{loss}**, but rounding blurs it for inputs so large beside their spread: scikit-learn may print more."
        ).format(loss=loss)
    if not optimum.converged:
        return _(
            "The search of this page ended before the minimum: scikit-learn may print less than **{loss}**."
        ).format(loss=loss)
    sentence = _(
        "scikit-learn looks for the optimum of the same loss and prints **{loss}**: what the dotted line in the loss chart says."
    ).format(loss=loss)
    if config.l1 and not config.features.standardise:
        slow = _(
            "With L1 its only solver is slow where the inputs differ in size: if it warns, standardise the inputs."
        )
        return joined(sentence, slow)
    return sentence


def _film(plan: Plan, run: Run, step: int) -> None:
    st.markdown(
        _(
            "The stage with the whole run in one HTML file: it plays in any browser, without internet, and fits into an e-mail."
        )
    )
    label = _("Download the animation (HTML)")
    controls.download(
        label,
        _film_file(run.revision, language.html_lang(), run),
        "run.html",
        "text/html",
        "training_film_file",
    )
    st.caption(_("A picture of the present step: the button Save picture below the stage."))


@st.cache_resource(max_entries=8, show_spinner=False)
def _film_file(revision: str, lang: str, _run: Run) -> bytes:
    return film(_run, lang).encode()


def film(run: Run, lang: str) -> str:
    """Return the run as one HTML page in which the stage plays."""
    data = StageData(revision=run.revision, view=StageView(), **message_of(run)).message()
    path = run.trajectory
    caption = _("{points} points, {steps} steps, loss {loss} at the end").format(
        points=run.train.y.size, steps=path.steps, loss=number(float(path.loss[-1]), 4)
    )
    return film_html(data, title=_("A softmax regression learns"), caption=caption, lang=lang)


def _numbers(plan: Plan, run: Run, step: int) -> None:
    every = _stride(run)
    st.markdown(
        _("Step, loss, accuracy, and all weights, with every digit.")
        if every == 1
        else _("Step, loss, accuracy, and all weights, with every digit: every {n}th step.").format(n=every)
    )
    text = _csv(
        run.revision, language.current(), tuple(class_names(run.data)), tuple(feature_names(run.data)), run
    )
    controls.download(_("Download the run (CSV)"), text, "run.csv", "text/csv", "training_numbers_file")


@st.cache_resource(max_entries=8, show_spinner=False)
def _csv(revision: str, lang: str, classes: tuple[str, ...], features: tuple[str, ...], _run: Run) -> bytes:
    return trajectory_csv(_run, classes, features).encode(FOR_TABLES)


def _run(plan: Plan, run: Run, step: int) -> None:
    st.markdown(
        _("The settings of this page and the weights at step {step} as JSON. Bring the file back, and the run is as it was.").format(step=step)
    )  # fmt: skip
    if run.data.source == UPLOAD_SOURCE:
        st.caption(_("Your points are not in it: download them as CSV too, and bring them back first."))
    settings = {
        key: text
        for key, text in (sharing.published_values(PREFIX) | sharing.offered(PREFIX)).items()
        if not key.startswith(f"{PREFIX}form")
    }
    label, text = _("Download weights and settings (JSON)"), as_json(run, step, settings)
    controls.download(label, text.encode(), "run.json", "application/json", "training_json_file")
    load()


def _stride(run: Run) -> int:
    """Return n where a CSV file holds every nth step."""
    return -(-run.trajectory.thetas.size // MOST_NUMBERS)


def trajectory_csv(run: Run, classes: Sequence[str], features: Sequence[str]) -> str:
    """Return one line per step: loss, accuracy, W and b, heads in the reader's language.

    Names are quoted as CSV asks for; in one line, because a line break would begin a cell, which could be a formula.
    """
    path = run.trajectory
    classes, features = ([" ".join(name.split()) for name in names] for names in (classes, features))
    rows = run.features.names if run.features.size > 2 else features
    head = [_("loss"), _("accuracy")]
    columns = [path.loss, path.accuracy]
    if run.test_loss is not None and run.test_accuracy is not None:
        head += [_("test loss"), _("test accuracy")]
        columns += [run.test_loss, run.test_accuracy]
    head += [f"w[{row}, {name}]" for row in rows for name in classes] + [f"b[{name}]" for name in classes]
    numbers = np.column_stack([*columns, path.thetas.reshape(path.steps + 1, -1)])
    frame = pd.DataFrame(numbers, columns=pd.Index(head)).iloc[:: _stride(run)]
    return str(frame.to_csv(index_label=_("step"), lineterminator="\n"))
