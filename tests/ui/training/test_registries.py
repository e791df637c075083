"""What is registered with one line is on the Training page: menu, settings, link, run, race and export."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DATASETS, Dataset, DataSpec, Source
from softmax_core.features import FEATURE_MAPS, FeatureMap
from softmax_core.features.base import Basis
from softmax_core.optimizers import OPTIMIZERS, GradientDescent, Optimizer, Slots
from softmax_core.schedules import SCHEDULES, Schedule
from ui.training.export import trajectory_csv
from ui.training.saved import as_json, from_json
from ui.training.session import Run
from ui.training.settings import settings_of_kind
from ui.training.stage import class_names, feature_names

PAGE = Path(__file__).parents[3] / "pages" / "training.py"


@dataclass(frozen=True)
class Sticky(Optimizer):
    """Gradient descent whose components below `stick` stay; `doubled` goes twice as far."""

    learning_rate: float = 0.1
    stick: float = 0.2
    doubled: bool = False
    unit: str = "a text is no setting"

    def __post_init__(self) -> None:
        if self.stick >= 1.0:
            raise ValueError(f"stick must be below 1, received {self.stick!r}")

    def step(self, theta: np.ndarray, grad: np.ndarray, slots: Slots, t: int) -> tuple[np.ndarray, Slots]:
        moving = np.where(np.abs(grad) < self.stick * np.abs(grad).max(), 0.0, grad)
        return theta - self.learning_rate * (2.0 if self.doubled else 1.0) * moving, slots


@dataclass(frozen=True)
class Sawtooth(Schedule):
    """Down to a half and up again."""

    period: int = field(default=40, metadata={"choices": (20, 40, 80)})

    def factor(self, t: int) -> float:
        return 1.0 - 0.5 * ((t - 1) % self.period) / self.period


@dataclass(frozen=True)
class Bent(FeatureMap):
    """The inputs and their hyperbolic tangents."""

    bend: float = 0.5

    def basis(self, U: np.ndarray) -> Basis:
        return BentBasis(self.bend)


@dataclass(frozen=True)
class BentBasis:
    bend: float
    keeps_inputs: bool = True

    def values(self, U: np.ndarray) -> np.ndarray:
        return np.hstack([U, np.tanh(self.bend * U)])

    def slopes(self, U: np.ndarray) -> np.ndarray:
        d = U.shape[1]
        result = np.zeros((len(U), 2 * d, d))
        for i in range(d):
            result[:, i, i] = 1.0
            result[:, d + i, i] = self.bend / np.cosh(self.bend * U[:, i]) ** 2
        return result

    def names(self, inputs: tuple[str, ...]) -> tuple[str, ...]:
        return inputs + tuple(f"tanh {name}" for name in inputs)


def ladder(spec: DataSpec, rng: np.random.Generator, *, rung: float = 2.0) -> Dataset:
    """Two classes on two rails, `rung` apart."""
    y = np.arange(spec.n) % 2
    X = np.column_stack([rung * y + 0.2 * rng.standard_normal(spec.n), np.linspace(0.0, 3.0, spec.n)])
    return Dataset(X, y, 2, ("x1", "x2"), ("left", "right"), "made up: two rails")


@dataclass(frozen=True)
class Case:
    """A member of a registry, where it is chosen, and one of its settings with another value than the default."""

    registry: dict[str, object]
    code: str
    member: object
    menu: str
    setting: str
    value: float
    text: str

    @property
    def link(self) -> dict[str, str]:
        return {self.menu: self.code, self.setting: self.text}


CASES = [
    Case(OPTIMIZERS, "sticky", Sticky, "training_optimizer", "training_sticky_stick", 0.4, "0.4"),
    Case(SCHEDULES, "sawtooth", Sawtooth, "training_schedule", "training_sawtooth_period", 80, "80"),
    Case(FEATURE_MAPS, "bent", Bent, "training_features", "training_bent_bend", 0.25, "0.25"),
    Case(DATASETS, "ladder", Source(ladder, ("n", "seed")), "training_data", "training_ladder_rung", 4.0, "4"),
]  # fmt: skip


@pytest.fixture(params=CASES, ids=lambda case: case.code)
def case(request, monkeypatch) -> Case:
    one: Case = request.param
    monkeypatch.setitem(one.registry, one.code, one.member)
    return one


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in ({"training_steps": "20"} | query).items():
        app.query_params[key] = value
    return checked(app.run())


@pytest.fixture
def native_sliders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's own sliders, which take the same arguments: its test tool cannot drive a component."""
    monkeypatch.setattr("ui.widgets.live.slider", st.select_slider)


def checked(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    assert not app.session_state["_link"].notes
    return app


def result_of(app: AppTest) -> Run:
    run: Run = app.session_state["training"].mounted.run
    return run


@pytest.mark.parametrize("name", [*DATASETS])
def test_every_data_set_can_be_chosen(name: str) -> None:
    points = result_of(opened(training_data=name)).points
    assert len(points.ids) == {"iris": 150, "three_points": 3}.get(name, 300)


def value_in(run: Run, case: Case) -> float:
    """The value of the setting with which a run was made."""
    config = run.trajectory.config
    if case.code == "ladder":
        left, right = (run.data.X[run.data.y == k, 0].mean() for k in (0, 1))
        return round(float(right - left), 1)
    holder = {"sticky": config.optimizer, "sawtooth": config.schedule, "bent": config.features}[case.code]
    assert type(holder) is case.member
    value: float = getattr(holder, case.setting.rsplit("_", 1)[-1])
    return value


def published(app: AppTest) -> dict[str, str]:
    return {key: text for key, text in app.session_state["_link"].published.items() if text is not None}


def tables(app: AppTest) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


@pytest.mark.usefixtures("native_sliders")
def test_it_is_in_the_menu_by_its_code_and_its_setting_is_a_control(case: Case) -> None:
    app = opened(training_panel="settings", training_all="true")
    if case.registry in (DATASETS, FEATURE_MAPS):  # chosen by pictures, which are tested in the browser
        app.session_state[case.menu] = case.code
        checked(app.run())
    else:
        menu = app.selectbox(key=case.menu)
        assert case.code in menu.options
        checked(menu.set_value(case.code).run())
    control = app.select_slider(key=case.setting)
    assert control.label == case.setting.rsplit("_", 1)[-1]
    before = value_in(result_of(app), case)
    checked(control.set_value(case.value).run())
    assert value_in(result_of(app), case) == case.value != before
    assert case.link.items() <= published(app).items()


@pytest.mark.usefixtures("native_sliders")
def test_a_link_opens_it_with_its_setting(case: Case) -> None:
    app = opened(training_panel="settings", training_all="true", **case.link)
    assert value_in(result_of(app), case) == case.value
    assert app.select_slider(key=case.setting).value == case.value
    assert case.link.items() <= published(app).items()


def test_it_races(case: Case) -> None:
    app = opened(training_mode="race", **case.link)
    assert "2. Adam" in tables(app)
    if case.registry is OPTIMIZERS:
        assert "1. sticky · 0.1 · stick 0.4" in tables(app)


@pytest.mark.usefixtures("native_sliders")
def test_an_optimizer_races_in_any_lane_with_its_setting(monkeypatch) -> None:
    monkeypatch.setitem(OPTIMIZERS, "sticky", Sticky)
    app = opened(training_mode="race")
    rates = ("training_rate", "training_lane2_rate")
    assert [app.select_slider(key=key).label for key in rates] == [
        "Lane 1: Learning rate",
        "Lane 2: Learning rate",
    ]
    assert "sticky" in app.selectbox(key="training_lane2_optimizer").options
    checked(app.selectbox(key="training_lane2_optimizer").set_value("sticky").run())
    checked(app.select_slider(key="training_lane2_sticky_stick").set_value(0.4).run())
    lane = {"training_lane2_optimizer": "sticky", "training_lane2_sticky_stick": "0.4"}
    assert lane.items() <= published(app).items()
    again = opened(training_mode="race", **lane)
    assert "2. sticky · 0.1 · stick 0.4" in tables(again)


@pytest.mark.parametrize("library", ["numpy", "sklearn", "torch"])
def test_a_script_has_it_or_the_page_says_that_it_cannot(case: Case, library: str) -> None:
    app = opened(training_panel="takeaway", training_code=library, **case.link)
    says = [info.value for info in app.info if "There is no" in info.value and "script for" in info.value]
    assert bool(app.code) != bool(says)
    # The points of a data set are written into a script, and scikit-learn looks for the optimum by its own means.
    if case.registry is DATASETS or (library == "sklearn" and case.registry is not FEATURE_MAPS):
        assert app.code


def test_csv_and_json_have_it_and_bring_it_back(case: Case) -> None:
    app = opened(training_panel="takeaway", training_form="run", **case.link)
    run = result_of(app)
    rows = list(csv.reader(io.StringIO(trajectory_csv(run, class_names(run.data), feature_names(run.data)))))
    np.testing.assert_array_equal(np.array(rows[1:], dtype=float)[:, 1], run.trajectory.loss)
    saved = from_json(as_json(run, 3, published(app)).encode())
    again = opened(**saved.settings)
    np.testing.assert_array_equal(result_of(again).trajectory.thetas, run.trajectory.thetas)


def test_a_change_on_the_way_is_in_the_plan(monkeypatch) -> None:
    monkeypatch.setitem(OPTIMIZERS, "sticky", Sticky)
    plan = "0~10!optimizer=sticky!sticky_stick=0.4"
    app = opened(training_stage_plan=plan, training_optimizer="momentum")
    assert result_of(app).trajectory.config.optimizer == Sticky(0.1, 0.4)
    assert published(app)["training_stage_plan"] == plan


def test_a_switch_is_a_switch(monkeypatch) -> None:
    monkeypatch.setitem(OPTIMIZERS, "sticky", Sticky)
    app = opened(
        training_panel="settings",
        training_all="true",
        training_optimizer="sticky",
        training_sticky_doubled="true",
    )
    assert app.toggle(key="training_sticky_doubled").value is True
    assert result_of(app).trajectory.config.optimizer == Sticky(doubled=True)


def test_choices_come_from_the_field_or_lie_around_its_default() -> None:
    stick, doubled = settings_of_kind("sticky", Sticky)
    assert (stick.name, stick.default, stick.choices) == ("sticky_stick", 0.2, (0.02, 0.04, 0.1, 0.2, 0.4))
    assert (doubled.name, doubled.default) == ("sticky_doubled", False)
    (period,) = settings_of_kind("sawtooth", Sawtooth)
    assert period.choices == (20, 40, 80)


def test_old_links_name_the_settings_as_before() -> None:
    app = opened(
        training_optimizer="momentum", training_momentum="0.5", training_schedule="inverse_time",
        training_fade="0.1", training_features="radial", training_centres="4", training_width="1.55",
    )  # fmt: skip
    config = result_of(app).trajectory.config
    assert config.optimizer == OPTIMIZERS["momentum"](0.1, 0.5)
    assert config.schedule == SCHEDULES["inverse_time"](0.1)
    assert config.features == FEATURE_MAPS["radial"](4, 1.55, standardise=True)


def test_without_a_link_it_is_gradient_descent() -> None:
    assert result_of(opened()).trajectory.config.optimizer == GradientDescent(0.1)


@dataclass(frozen=True)
class Blind(Optimizer):
    """A rule without any setting that needs all points at once."""

    whole_set = True

    def step(self, theta: np.ndarray, grad: np.ndarray, slots: Slots, t: int) -> tuple[np.ndarray, Slots]:
        return theta - 0.1 * np.sign(grad), slots


def test_a_rule_without_settings_has_no_controls_and_races_by_its_name(monkeypatch) -> None:
    monkeypatch.setitem(OPTIMIZERS, "blind", Blind)
    app = opened(training_panel="settings", training_all="true", training_optimizer="blind")
    assert result_of(app).trajectory.config.optimizer == Blind()
    controls = {"training_rate", "training_batch", "training_schedule"}
    assert not controls & set(published(app)) - set(opened(training_optimizer="blind").query_params)
    labels = {element.label for kind in (app.selectbox, app.select_slider) for element in kind}
    assert not {"Learning rate", "Batch size", "Schedule of the rate"} & labels
    race = opened(training_mode="race", training_lane2_optimizer="blind")
    assert '<th scope="row">2. blind</th>' in tables(race)
