"""What the panels of Images say of a run: figures of books, mistakes, clicks, runs that were stopped or failed."""

import html
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from softmax_core.images import Images, digits
from ui.images import challenges, panels, story, training
from ui.images import data as images_data
from ui.images.downloads import OFFERS, Fetching, _places
from ui.images.runs import MOST_IN_A_RUN, STANDARD
from ui.images.training import Model, Training, standard_history
from ui.widgets.jobs import NOBODY


def standard(**changes: Any) -> Model:
    data = digits()
    job = Training(data, NOBODY, standard_history(), STANDARD.config)
    return Model(data, replace(job.progress(), **changes), "1", 20)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session, as a callback sees it."""
    values: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", values)
    return values


def told(part: Any, **arguments: Any) -> str:
    """Run a part of the page by itself; return what it says."""

    def page(part, arguments):  # type: ignore[no-untyped-def]
        part(**arguments)

    app = AppTest.from_function(page, kwargs={"part": part, "arguments": arguments}, default_timeout=60).run()
    assert not app.exception, app.exception
    said = [
        element.value
        for kind in (app.markdown, app.caption, app.info, app.warning, app.code)
        for element in kind
    ]
    buttons = [button.proto.label for button in app.get("download_button")]
    return "\n".join([*said, *buttons, *(element.proto.body for element in app.get("html"))])


# --- the data


def test_a_class_without_training_images_has_no_row_of_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[Any] = []
    monkeypatch.setattr(panels, "strips", rows.extend)
    data = digits()
    keep = data.train.labels != 3
    panels._samples(replace(data, train=Images(data.train.pixels[keep], data.train.labels[keep], 16.0)))
    assert len(rows) == 9
    assert not any("images of 3" in alt for _mark, _pictures, alt in rows)
    assert all("14 training images of" in alt for _mark, _pictures, alt in rows)


def test_the_speed_is_measured_once_and_the_slower_half_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    speeds = {"now": (100.0, 300.0)}
    monkeypatch.setattr(panels, "measure", lambda *_setting: (asked.append(1), speeds["now"])[1])

    def page(data):  # type: ignore[no-untyped-def]
        from ui.images import panels

        panels._speed(data, 32)

    app = AppTest.from_function(page, kwargs={"data": digits()}, default_timeout=60).run()
    for _again in range(2):
        assert "reading takes 75 % of the time of an epoch, more than training" in app.markdown[-1].value
        app.run()
    assert len(asked) == 1, "a rerun does not measure again"
    speeds["now"] = (300.0, 100.0)
    app.button(key="images_measure").click().run()
    assert "takes 25 % of the time of an epoch: it is not the bottleneck" in app.markdown[-1].value


def test_a_pass_of_many_batches_is_measured_by_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    batches = panels.minibatches

    def counted(*arguments: Any) -> Any:
        taken.append(0)
        for batch in batches(*arguments):
            taken[-1] += 1
            yield batch

    monkeypatch.setattr(panels, "minibatches", counted)
    reading, learning = panels.measure(digits().train, 10, 1, seconds=0.0)
    assert taken == [51], "one batch to learn from and fifty that are timed, of 1,438"
    assert 0 < reading < np.inf
    assert 0 < learning < np.inf


# --- the model


def test_the_guess_lies_over_the_curve_and_the_books_beside_it() -> None:
    run = standard()
    epoch = run.progress.history[-1]
    said = told(panels.curves, run=run, epoch=epoch, guess=91.5)
    assert "yours after epoch 20" in said
    assert "about 83 %" in said
    figures: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panels, "chart", lambda figure, **_rest: figures.append(figure))
        panels.curves(run, epoch, 91.5)
    said = html.unescape(str(figures[1].settings["annotations"]))
    assert "91.5 %" in said


def test_no_blank_stands_between_chinese_sentences_about_the_files(speak) -> None:
    speak("zh")
    data = replace(digits(), remarks=(("label_first", {}), ("white", {"white": 16})))
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images_data.st, "caption", said.append)
        images_data._say_split(data)
    assert said[0].count("。") == 3
    assert "。 " not in said[0]


def test_the_figures_that_others_report_are_those_of_the_same_split() -> None:
    assert [row[-1] for row in panels._references("mnist", "test_only")] == ["91.4 %", "about 83 %"]
    assert [row[-1] for row in panels._references("mnist", "given")] == ["about 92 %", "about 83 %"]
    assert [row[-1] for row in panels._references("digits", "held_back")] == ["about 83 %"]


def test_a_click_on_a_cell_chooses_it_and_another_chooses_all(state: dict[str, Any]) -> None:
    state["images_true"] = state["images_guess"] = panels.ALL
    state["images_confusion"] = {"clicked": {"x": 8, "y": 3}}
    for wanted in (("3", "8"), (panels.ALL, panels.ALL), ("3", "8")):
        panels._cell_clicked(10)
        assert (state["images_true"], state["images_guess"]) == wanted
    for elsewhere in ({}, {"x": 10, "y": 0}, {"x": -1, "y": 0}, {"x": 1.0, "y": 2.5}, None, [1, 2]):
        state["images_confusion"] = {"clicked": elsewhere}
        panels._cell_clicked(10)
        assert (state["images_true"], state["images_guess"]) == (panels.ALL, panels.ALL)


def test_the_next_mistake_comes_after_the_image_and_begins_anew_at_the_end(state: dict[str, Any]) -> None:
    run = standard()
    epoch = run.progress.history[-1]
    test = run.data.test
    wrong = np.flatnonzero(
        (test.features(np.arange(len(test))) @ epoch.W + epoch.b).argmax(axis=1) != test.labels
    )
    panels._next_mistake(run, epoch, int(wrong[0]))
    assert state["images_image"] == wrong[1]
    panels._next_mistake(run, epoch, int(wrong[-1]))
    assert state["images_image"] == wrong[0]
    right = np.delete(np.arange(len(test)), wrong)
    flawless = replace(run.data, test=Images(test.pixels[right], test.labels[right], 16.0))
    panels._next_mistake(replace(run, data=flawless), epoch, 5)
    assert state["images_image"] == wrong[0], "there is none: the image stays"


# --- the training


def test_more_epochs_than_a_run_may_have_are_not_asked_for(state: dict[str, Any]) -> None:
    asked: list[Any] = []
    state[training._JOB] = SimpleNamespace(follow=lambda parts, _patience: asked.extend(parts))
    run = standard()
    training._continue(run, STANDARD)
    assert [part.epochs for part in asked] == [STANDARD.epochs]
    last = replace(run.progress.history[-1], number=MOST_IN_A_RUN - 3)
    training._continue(standard(history=(last,), target=MOST_IN_A_RUN - 3), STANDARD)
    assert [part.epochs for part in asked] == [STANDARD.epochs, 3]
    last = replace(last, number=MOST_IN_A_RUN)
    training._continue(standard(history=(last,), target=MOST_IN_A_RUN), STANDARD)
    assert len(asked) == 2


def test_why_a_training_ended_is_said() -> None:
    assert told(training.warn, run=standard()) == ""
    said = told(training.warn, run=standard(overdue=True, overflowed=True))
    assert "Stopped after epoch 20: a training may take" in said
    assert "The numbers overflowed: epoch 21 was dropped" in said


def test_a_stopped_run_says_what_is_left_of_it() -> None:
    assert training._go_label(standard(target=25), 20) == "Continue: 5 epochs left"
    assert training._go_label(standard(target=21), 20) == "Continue: 1 epoch left"
    assert training._go_label(standard(), 20) == "20 more epochs"
    assert training._pace_text(standard(target=25).progress) == "epoch 21 of 25"
    assert (
        training._pace_text(standard(target=25, seconds_left=12.4).progress) == "epoch 21 of 25 · 12 s left"
    )


def test_a_link_to_the_run_that_is_there_moves_the_playhead_and_trains_nothing() -> None:
    from pathlib import Path

    app = AppTest.from_file(str(Path(__file__).parents[3] / "pages" / "images.py"), default_timeout=60).run()
    job, count = app.session_state[training._JOB], app.session_state[training._COUNT]
    app.session_state[training._LINKED] = training._Linked(None, 5)
    app.run()
    assert not app.exception
    assert app.session_state[training._JOB] is job
    assert app.session_state[training._COUNT] == count
    assert app.session_state[training._START] == (str(count), 5)


# --- the story of the sets, the script


def test_a_set_that_was_not_trained_says_so() -> None:
    run = standard()
    fresh = replace(run, progress=replace(run.progress, history=run.progress.history[:1]))
    best = 100 * max(epoch.test_accuracy for epoch in standard_history())
    said = told(story.about_sets, run=fresh)
    assert said.count("not trained yet") == 2
    assert f"{best:.1f} % (epoch" in said


def test_the_script_reads_the_files_of_a_set_and_promises_what_it_repeats() -> None:
    run = standard()
    said = told(story.code, run=run, shown=STANDARD)
    accuracy = 100 * run.progress.history[-1].test_accuracy
    assert f"It ends at the **{accuracy:.1f} %** of this page." in said
    assert "Download the images" in said
    whole = replace(run, data=replace(run.data, name="mnist", split="given"))
    other = replace(STANDARD, epochs=3)
    two = replace(whole, progress=replace(run.progress, parts=(STANDARD, other)))
    said = told(story.code, run=two, shown=other)
    assert "The four files of the set lie beside the script." in said
    assert "It trains from the start with the settings as they stand." in said
    assert "Download the images" not in said


# --- places, challenges


def test_without_a_named_folder_files_are_looked_for_in_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from ui.images import downloads

    monkeypatch.setattr(downloads, "cache_folder", lambda: tmp_path)
    offer = OFFERS["fashion"]
    monkeypatch.delenv(downloads.FOLDER_VARIABLE, raising=False)
    assert _places(offer) == [tmp_path / offer.folders[0]]
    Fetching(offer).cancel()  # nothing is under way


def test_what_is_said_of_the_moved_three(monkeypatch: pytest.MonkeyPatch) -> None:
    assert challenges._what_is_said() == 2, "another digit"
    monkeypatch.setattr(challenges, "moved", lambda: challenges.THREE)
    assert challenges._what_is_said() == 0, "an unmoved 3 is as sure as before"
