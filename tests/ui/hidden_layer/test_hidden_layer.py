"""The lesson on the hidden layer: each truth by other means, each goal reachable, and what the panels say of a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, make
from softmax_core.network import start_scale
from softmax_core.seeds import streams
from tests.ui.training.waiting import settled
from ui.hidden_layer import challenges
from ui.hidden_layer.challenges import CHALLENGES, NOISE, STEPS
from ui.training import run as training_run
from ui.training.challenges import Seen
from ui.widgets.challenges import Choice, Goal, Prediction

PAGE = str(Path(__file__).parents[3] / "pages" / "hidden_layer.py")
TASKS = {task.code: task for task in CHALLENGES.table()}


def learned(
    name: str, units: int, hidden: str = "tanh", after: bool = False, scale: float = 1.0
) -> tuple[float, float]:
    """Loss and accuracy after gradient descent at rate 1, samples in rows, written out with SciPy."""
    data = make(DataSpec(name, n=300, n_classes=2, noise=NOISE))
    X, Y = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0), np.eye(2)[data.y]
    rng = streams(0).start
    shapes = [(2, units), (units, 2)] if units else [(2, 2)]
    Ws = [scale * start_scale("xavier", *shape) * rng.standard_normal(shape) for shape in shapes]
    bs = [np.zeros(shape[1]) for shape in shapes]
    for step in range(STEPS + 1):
        a = X
        if units:
            z = X @ Ws[0] + bs[0]
            a = np.tanh(z) if hidden == "tanh" else sp.softmax(z, axis=1)
        P = sp.softmax(a @ Ws[-1] + bs[-1], axis=1)
        dz = P - Y
        if after:
            dp = -Y * (1 - sp.expit(P))
            dz = P * (dp - (P * dp).sum(axis=1, keepdims=True))
        dz /= len(X)
        if step == STEPS:
            break
        if units:
            da = dz @ Ws[1].T
            back = da * (1 - a**2) if hidden == "tanh" else a * (da - (a * da).sum(axis=1, keepdims=True))
            Ws[0], bs[0] = Ws[0] - X.T @ back, bs[0] - back.sum(axis=0)
        Ws[-1], bs[-1] = Ws[-1] - a.T @ dz, bs[-1] - dz.sum(axis=0)
    Q = sp.expit(P) if after else P
    return -np.log(Q[Y == 1]).mean(), (P.argmax(axis=1) == data.y).mean()


def truth(code: str) -> str:
    task = TASKS[code]
    assert isinstance(task, Prediction)
    assert isinstance(task.answer, Choice)
    return task.answer.options[int(task.truth())]  # type: ignore[call-overload]


def test_the_truths_by_other_means() -> None:
    loss, right = learned("xor", 0)
    assert 0.45 < right < 0.6
    assert loss == pytest.approx(np.log(2), abs=0.01)
    assert truth("straight") == "about half of them"
    rights = {units: learned("circles", units)[1] for units in (1, 2, 3)}
    assert rights[1] < rights[2] < 0.95
    assert rights[3] == 1.0
    assert truth("enough") == "3"
    _, right = learned("circles", 3, "softmax")
    assert 0.8 < right < 0.95
    assert truth("softmax") == "about one point in ten stays wrong"
    assert challenges.run_on("circles", 3, "hidden").accuracy[-1] == pytest.approx(right)
    assert learned("xor", 4, scale=0.0)[0] == pytest.approx(np.log(2), rel=1e-12), "no weight says anything"
    assert learned("xor", 4, scale=0.3)[0] < 0.3, "a small random start does"
    assert truth("zeros") == "they never move"
    assert challenges.lowest_with_sigmoid() == pytest.approx(-np.log(sp.expit(1.0)))
    assert truth("sigmoid") == "0.31"
    loss, _ = learned("circles", 4, after=True)
    assert challenges.run_on("circles", 4, "twice").loss[-1] == pytest.approx(loss, rel=1e-6)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in query.items():
        app.query_params[f"hidden_layer_{key}"] = value
    settled(app, "hidden_layer")
    assert not app.session_state["_link"].notes
    return app


def prose(app: AppTest) -> str:
    texts = [e.value for kind in (app.caption, app.markdown) for e in kind]
    return "\n".join([*texts, *(e.proto.body for e in app.get("html"))]).replace("−", "-")


def run_of(app: AppTest) -> Any:
    return app.session_state["hidden_layer"].mounted.run


@pytest.mark.parametrize(
    ("code", "before", "enough"),
    [("xor", {"units": "1"}, {"units": "4"}), ("spirals", {"units": "1"}, {"units": "6"})],
)
def test_goals_are_open_at_first_and_reachable(code, before, enough) -> None:
    task, data = TASKS[code], {"data": code}
    assert isinstance(task, Goal)
    run = run_of(opened(challenge_open=code))
    assert run.trajectory.config.hidden == int(before["units"])
    assert not any(task.reached(Seen(run, step)) for step in range(run.trajectory.steps))
    said = f"this run ends with {100 * run.trajectory.accuracy[-1]:.1f} % right."
    assert str(task.reached(Seen(run, run.trajectory.steps))).replace("\u202f", " ").startswith(said)
    run = run_of(opened(**data, **enough))
    assert task.reached(Seen(run, run.trajectory.steps)) is True
    assert not task.reached(Seen(run, run.trajectory.steps, told=False)), "the stage may show another run"
    other = run_of(opened(data="circles", **enough))
    assert not task.reached(Seen(other, other.trajectory.steps)), "other points"


@pytest.mark.parametrize("place", ["last", "hidden", "twice"])
@pytest.mark.parametrize("units", [0, 1, 3])
def test_each_number_of_a_step_stands_beside_its_finite_difference(units, place) -> None:
    """The products in the rows give the gradient that is printed, and the loss moves by as much."""
    app = opened(panel="story", way="backward", units=str(units), place=place, stage_step="30", point="5")
    table = next(e.proto.body for e in app.get("html") if "comes from" in e.proto.body).replace("−", "-")
    rows = [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r'<tr class="">(.*?)</tr>', table)
    ]
    weights = [row for row in rows if "<i>dw</i>" in row[0]]
    assert len(weights) == 4, "two into the unit and two out of it, or two for each class"
    path, config = run_of(app).trajectory, run_of(app).trajectory.config
    assert (config.hidden, config.output) == (units, "softmax_sigmoid" if place == "twice" else "softmax")
    for _name, _source, slope, measured in rows:
        assert float(slope) == pytest.approx(float(measured), abs=1.01e-4)
    for _name, product, slope, _measured in weights:
        a, dz = (float(part.strip("()")) for part in product.split(" · "))
        assert a * dz == pytest.approx(float(slope), abs=3e-4)
    assert path.steps == STEPS


def table_of_step(**query: str) -> list[list[str]]:
    """The head and the rows of the panel One step, without tags."""
    app = opened(**{"panel": "story", "stage_step": "30"} | query)
    html = next(e.proto.body for e in app.get("html") if "comes from" in e.proto.body).replace("−", "-")
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr.*?</tr>", html)]
    return [[re.sub("<[^>]*>", "", cell) for cell in row] for row in rows]


def test_each_number_of_a_step_has_a_name_of_its_own() -> None:
    head, *rows = table_of_step(stage_unit="3")
    assert head == ["", "comes from", "value"]
    names = [row[0] for row in rows]
    assert names == ["z[1] u3", "a[1] u3", "a[1] all", "z[2] 0", "z[2] 1", "p 0", "p 1", "L"]
    head, *rows = table_of_step(stage_unit="3", way="backward")
    assert head == ["", "comes from", "value", "measured"]
    assert [row[0] for row in rows] == [
        "dz[2] 0", "dz[2] 1", "da[1] u3", "dz[1] u3", "dw x1 → u3", "dw x2 → u3", "dw u3 → 0", "dw u3 → 1"
    ]  # fmt: skip
    assert [row[0] for row in table_of_step(units="0")[1:3]] == ["z[1] 0", "z[1] 1"]


def test_the_loss_comes_from_what_stands_beside_it() -> None:
    for smoothing in (0.0, 0.2):
        *_, first, second, (_name, source, value) = table_of_step(smoothing=str(smoothing))
        log_p = np.log([float(first[2]), float(second[2])])
        y = np.array([1 - smoothing / 2, smoothing / 2])
        assert min(abs(float(value) + target @ log_p) for target in (y, y[::-1])) < 2e-3
        assert source.startswith("-Σ y log p" if smoothing else "-log 0.")


def test_what_rounding_leaves_is_zero() -> None:
    """After one step from zero weights a z is 0 at a point of these three, and one da: sums that cancel but for 10^-17."""
    three = {"data": "three_points", "start": "zeros", "stage_step": "1", "point": "0"}
    forward = table_of_step(**three, units="0")
    backward = table_of_step(**three, units="1", activation="sigmoid", way="backward")
    assert "0.000" in [row[2] for row in forward if row[0].startswith("z")]
    assert [row[2] for row in backward if row[0].startswith("da")] == ["0.0000"]
    assert [row for row in forward + backward if "×10" in "".join(row)] == []


def test_a_plain_arrival_shows_what_the_first_question_asks() -> None:
    """A model without hidden units that waits: nothing gives the answer, or that to another question."""
    app = opened()
    mounted = app.session_state["hidden_layer"].mounted
    assert (mounted.run.trajectory.config.hidden, mounted.view.step) == (0, 0)
    again = run_of(opened(challenge_open="straight")).trajectory
    np.testing.assert_array_equal(again.thetas, mounted.run.trajectory.thetas)
    assert run_of(opened(panel="units")).trajectory.config.hidden == 4, "other links as ever"


def test_forward_shows_the_loss_of_the_point() -> None:
    app = opened(panel="story", stage_step="30", point="5", stage_unit="2")
    run = run_of(app)
    (W1, b1), (W2, b2) = run.trajectory.layers_at(30)
    x = (run.train.X[5] - run.train.X.mean(axis=0)) / run.train.X.std(axis=0)
    a = np.tanh(x @ W1 + b1)
    p = sp.softmax(a @ W2 + b2)
    text = prose(app)
    assert f"{(x @ W1 + b1)[1]:.3f}" in text
    assert f"{-np.log(p[run.train.y[5]]):.4f}" in text


def test_where_softmax_stands_is_measured() -> None:
    app = opened(panel="where", place="hidden", data="circles", units="3")
    table = next(e.proto.body for e in app.get("html") if "sum of the outputs" in e.proto.body)
    numbers = [
        [float(n) for n in re.findall(r"<td>([\d.]+)", row)]
        for row in re.findall(r"<tr class.*?</tr>", table)
    ]
    assert numbers[0][0] == pytest.approx(learned("circles", 3)[0], abs=6e-4)
    assert numbers[1][1] == pytest.approx(100 * learned("circles", 3, "softmax")[1], abs=0.06)
    assert numbers[2][0] == pytest.approx(learned("circles", 3, after=True)[0], abs=6e-4)
    assert [row[2] for row in numbers[:2]] == [1.0, 1.0]
    assert numbers[2][2] > 1.2
    assert "3 units do the work of about 2" in prose(app)


def test_what_breaks_is_said_of_the_place_that_was_chosen() -> None:
    assert "it is always 1" in prose(opened(panel="where", place="hidden", data="circles", units="1"))
    assert f"keeps a loss of {-np.log(sp.expit(1.0)):.4f}" in prose(
        opened(panel="where", place="twice", data="circles", units="3")
    )
    for units in (4, 12):  # with four softmax is still enough
        plain, broken = (learned("circles", units, hidden)[0] for hidden in ("tanh", "softmax"))
        said = prose(opened(panel="where", place="hidden", data="circles", units=str(units)))
        assert ("that is still enough" in said) == (broken < 1.25 * plain) == (units == 4)
    assert "Take at least one unit above" in "".join(
        one.value for one in opened(panel="where", units="0").info
    )


def test_the_comparison_of_the_places_waits_beside_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.0)
    app = opened(panel="settings", place="last", data="circles", units="7")
    run = run_of(app)
    app.session_state["hidden_layer_panel"] = "where"
    app.run()
    assert not app.exception
    assert run_of(app) is run, "the stage is there as before"
    assert "sum of the outputs" not in prose(app)
    assert any(button.key == "training_stop" for button in app.button), "and the panel says how far it is"
    settled(app, "hidden_layer")
    assert "sum of the outputs" in prose(app)


@pytest.mark.parametrize("panel", ["challenges", "settings", "units", "story", "where", "curves"])
@pytest.mark.parametrize("data", ["iris", "three_points"])
def test_every_panel_shows_any_data_with_and_without_units(panel, data) -> None:
    for units in ("0", "16"):
        app = opened(panel=panel, data=data, units=units, activation="relu", all="true", stage_step="500")
        assert run_of(app).trajectory.config.hidden == int(units)


def test_what_other_panels_have_chosen_is_no_unknown_setting() -> None:
    opened(panel="curves", stage_unit="3", way="backward", point="4", place="hidden", beta1="0.5", l2="0.1")


def test_a_link_cannot_change_the_layers_on_the_way_or_choose_newton() -> None:
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["hidden_layer_stage_plan"] = "0!units=2~20!units=5"
    app.query_params["hidden_layer_optimizer"] = "newton"
    settled(app, "hidden_layer")
    assert len(app.session_state["hidden_layer"].plan.plan) == 1
    assert "newton" in app.session_state["_link"].notes[0]
    for place, weights in (("last", None), ("twice", None)):
        app = opened(stage_plan="0~20!w=1_1_1_1_1_1", place=place)
        assert [part.weights for part in app.session_state["hidden_layer"].plan.plan] == [weights]


def test_without_units_weights_can_be_set_by_hand_as_on_training() -> None:
    app = opened(stage_plan="0~20!w=1_-1_0_0_0.5_0", units="0")
    assert [part.at for part in app.session_state["hidden_layer"].plan.plan] == [0, 20]
    np.testing.assert_array_equal(run_of(app).trajectory.thetas[20], [[1, -1], [0, 0], [0.5, 0]])
    twice = opened(stage_plan="0~20!w=1_-1_0_0_0.5_0", units="0", place="twice")
    assert len(twice.session_state["hidden_layer"].plan.plan) == 1


def test_training_knows_no_hidden_layer() -> None:
    app = AppTest.from_file(PAGE.replace("hidden_layer", "training"), default_timeout=120)
    app.query_params["training_stage_plan"] = "0!units=2~20"
    app.query_params["training_start"] = "he"
    settled(app)
    assert not app.session_state["training"].mounted.run.trajectory.hidden
    assert len(app.session_state["_link"].notes) == 1


def test_other_settings_leave_the_run_before_as_a_ghost_and_go_on_from_the_playhead() -> None:
    app = opened(panel="settings", all="true", change="here", stage_step="50")
    app.session_state["hidden_layer_rate"] = 0.3
    settled(app, "hidden_layer")
    state = app.session_state["hidden_layer"]
    assert [part.at for part in state.plan.plan] == [0, 50]
    assert state.mounted.ghost is not None
    path, ghost = state.mounted.run.trajectory, state.mounted.ghost.trajectory
    np.testing.assert_array_equal(path.thetas[:51], ghost.thetas[:51])
    np.testing.assert_allclose(path.thetas[51] - path.thetas[50], -0.3 * path.grads[50], atol=1e-14)
    app.session_state["hidden_layer_units"] = 5  # other layers begin at 0
    settled(app, "hidden_layer")
    assert [part.at for part in app.session_state["hidden_layer"].plan.plan] == [0]
