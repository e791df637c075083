"""What a learner takes home from the Training page: code, a film, the numbers, the run itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from locales import _
from softmax_core.export import numpy_script, sklearn_script, torch_script
from ui.frame import language, sharing
from ui.training.load import load
from ui.training.movie import frames_of, movie, movie_words
from ui.training.optimum import facts
from ui.training.saved import PREFIX, as_json
from ui.training.session import Plan, Run
from ui.training.stage import class_names, feature_names
from ui.widgets import controls
from ui.widgets.show import number

MOST_LINES = 700  # of a script that is shown; the file has them all
MOST_NUMBERS = 400_000  # of a trajectory as CSV


def takeaway(plan: Plan, run: Run, step: int) -> None:
    """Offer the run in one of four forms."""
    forms = {
        "code": _("Code"), "film": _("Animation"), "numbers": _("Numbers"), "run": _("Save and load"),
    }  # fmt: skip
    form = controls.segmented("training_form", _("Form"), forms, "code", label_visible=False)
    show: dict[str, Callable[[Plan, Run, int], None]] = {
        "code": _code, "film": _film, "numbers": _numbers, "run": _run,
    }  # fmt: skip
    show[form](plan, run, step)


def _code(plan: Plan, run: Run, step: int) -> None:
    kinds = {"numpy": "NumPy", "sklearn": "scikit-learn", "torch": "PyTorch"}
    kind = controls.segmented("training_code", _("Library"), kinds, "numpy", label_visible=False)
    try:
        text = _script(kind, run, plan)
    except ValueError:
        st.info(_("{library} has no counterpart of these settings.").format(library=kinds[kind]))
        return
    st.markdown(_promise(kind, plan, run))
    st.download_button(
        _("Download the script"), text, file_name=f"softmax_{kind}.py", mime="text/x-python",
        key="training_code_file", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        st.caption(
            _("Shown are the first {n} of {all} lines; the file has them all.").format(n=MOST_LINES, all=len(lines))
        )  # fmt: skip
    st.code("\n".join(lines[:MOST_LINES]), language="python", height=420)


def _script(kind: str, run: Run, plan: Plan) -> str:
    config = replace(run.trajectory.config, steps=run.trajectory.steps)
    if kind == "sklearn":
        return sklearn_script(run.train, config)
    write = numpy_script if kind == "numpy" else torch_script
    return write(run.train, config, plan[0].weights)


def _promise(kind: str, plan: Plan, run: Run) -> str:
    """Say what the script prints."""
    if kind == "sklearn":
        return _(
            "scikit-learn looks for the optimum of the same loss and prints **{loss}**: what the dotted line in the loss chart says."
        ).format(loss=number(facts(run).best, 6))
    if len(plan) > 1:
        return _("The present settings from step 0 on. What was changed on the way is not part of a script.")
    same = _("It prints the loss **{loss}** after {steps} steps, as this page has it.").format(
        loss=number(float(run.trajectory.loss[-1]), 6), steps=run.trajectory.steps
    )
    size = run.trajectory.config.batch_size
    if kind == "torch" and size is not None and size < run.train.y.size:
        return _("The batches come in another random order than here, so the last loss differs a little.")
    if kind == "numpy":
        return _("NumPy alone. The functions are this page's own, taken from its source.") + " " + same
    return same


def _film(plan: Plan, run: Run, step: int) -> None:
    st.markdown(
        _(
            "One HTML file with {frames} frames: it plays in any browser, without internet, and fits into an e-mail."
        ).format(frames=len(frames_of(run)))
    )
    make = partial(movie, run, class_names(run.data), movie_words(), language.html_lang())
    _file(_("Download the animation (HTML)"), make, "run.html", "text/html", "training_film_file")
    st.caption(_("A picture of the present step: the button Save picture below the stage."))


def _numbers(plan: Plan, run: Run, step: int) -> None:
    every = _stride(run)
    st.markdown(
        _("Step, loss, accuracy, and all weights, with every digit.")
        if every == 1
        else _("Step, loss, accuracy, and all weights, with every digit: every {n}th step.").format(n=every)
    )
    make = partial(trajectory_csv, run, class_names(run.data), feature_names(run.data))
    _file(_("Download the run (CSV)"), make, "run.csv", "text/csv", "training_numbers_file")


def _run(plan: Plan, run: Run, step: int) -> None:
    st.markdown(
        _("The settings of this page and the weights at step {step} as JSON. Bring the file back, and the run is as it was.").format(step=step)
    )  # fmt: skip
    if run.data.source == "own data":
        st.caption(_("Your points are not in it: download them as CSV too, and bring them back first."))
    settings = {
        key: text for key, text in sharing.held(PREFIX).items() if not key.startswith(f"{PREFIX}form")
    }
    text = as_json(run, step, settings)
    _file(
        _("Download weights and settings (JSON)"),
        lambda: text,
        "run.json",
        "application/json",
        "training_json_file",
    )
    load()


def _file(label: str, make: Callable[[], str], name: str, kind: str, key: str) -> None:
    """Offer a file that is made when it is asked for, without running the page again."""
    st.download_button(
        label, make, file_name=name, mime=kind, key=key, on_click="ignore", icon=":material/download:"
    )


def _stride(run: Run) -> int:
    """Return which part of the steps a CSV file holds."""
    path = run.trajectory
    return max(1, -(-path.thetas.size // MOST_NUMBERS))


def trajectory_csv(run: Run, classes: list[str], features: list[str]) -> str:
    """Return one line per step: loss, accuracy, W and b. Names are quoted as CSV asks for."""
    path = run.trajectory
    rows = run.features.names if run.features.size > 2 else features
    head = ["step", "loss", "accuracy"]
    columns = [path.loss, path.accuracy]
    if run.test_loss is not None and run.test_accuracy is not None:
        head += ["test loss", "test accuracy"]
        columns += [run.test_loss, run.test_accuracy]
    head += [f"w[{row}, {name}]" for row in rows for name in classes] + [f"b[{name}]" for name in classes]
    weights = path.thetas.reshape(path.steps + 1, -1)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for t in range(0, path.steps + 1, _stride(run)):
        writer.writerow([t, *(repr(float(column[t])) for column in columns), *map(repr, weights[t].tolist())])
    return text.getvalue()
