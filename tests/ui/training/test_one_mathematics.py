"""Every number that two places of the Training page show is one number, and the right one.

The right one is worked out by other means: SciPy's log-sum-exp and minimisers, central differences, and the
random order of the batches drawn once more. The weights at a step are those of the run itself.
"""

import base64
import csv
import io
import json
import re
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, held_back, make
from softmax_core.optimizers import GradientDescent
from softmax_core.seeds import streams
from softmax_core.training import TrainConfig, train
from ui.training.export import trajectory_csv

STEP, STEPS, POINT = 60, 100, 7
PAGE = str(Path(__file__).parents[3] / "pages" / "training.py")


@dataclass(frozen=True)
class Scene:
    """Settings of the page, and the same loss written down once more."""

    balance: float = 1.0
    test: float = 0.0
    rate: float = 0.3
    l2: float = 0.0
    l1: float = 0.0
    smoothing: float = 0.0
    batch: int = 0
    noise: float = 1.2

    @property
    def query(self) -> dict[str, str]:
        return {
            "training_data": "imbalanced_blobs", "training_weights": "balanced", "training_steps": str(STEPS),
            "training_balance": f"{self.balance:g}", "training_noise": f"{self.noise:g}",
            "training_test": f"{100 * self.test:g}", "training_rate": f"{self.rate:g}", "training_l2": f"{self.l2:g}",
            "training_l1": f"{self.l1:g}", "training_smoothing": f"{self.smoothing:g}",
            "training_batch": str(self.batch), "training_stage_step": str(STEP), "training_race_step": str(STEP),
        }  # fmt: skip

    @cached_property
    def parts(self):
        data = make(DataSpec("imbalanced_blobs", noise=self.noise, balance=self.balance))
        held = held_back(data.y, self.test)
        return data.take(np.flatnonzero(~held)), data.take(np.flatnonzero(held))

    @cached_property
    def run(self):
        config = TrainConfig(
            GradientDescent(self.rate), steps=STEPS, l2=self.l2, l1=self.l1, label_smoothing=self.smoothing,
            class_weights="balanced", batch_size=self.batch or None,
        )  # fmt: skip
        return train(self.parts[0], config)

    @cached_property
    def class_weights(self):
        counts = np.bincount(self.parts[0].y)
        return counts.sum() / (len(counts) * counts)

    def ingredients(self, data):
        A = np.hstack([data.X, np.ones((len(data.y), 1))])
        Y = (1 - self.smoothing) * np.eye(3)[data.y] + self.smoothing / 3
        weights = self.class_weights[data.y]
        return A, Y, weights / weights.sum()

    def point_losses(self, theta, data):
        A, Y, _ = self.ingredients(data)
        Z = A @ theta
        return sp.logsumexp(Z, axis=1) - (Y * Z).sum(axis=1)

    def loss(self, theta, data=None):
        data = self.parts[0] if data is None else data
        shares, W = self.ingredients(data)[2], theta[:-1]
        return (
            shares @ self.point_losses(theta, data) + self.l2 / 2 * (W**2).sum() + self.l1 * np.abs(W).sum()
        )

    def gradient(self, theta, weights=None):
        A, Y, shares = self.ingredients(self.parts[0])
        shares = shares if weights is None else weights
        grad = A.T @ (shares[:, np.newaxis] * (sp.softmax(A @ theta, axis=1) - Y))
        grad[:-1] += self.l2 * theta[:-1]
        return grad

    def step_gradient(self, theta, step):
        """The gradient of the batch of a step."""
        n, shares = len(self.parts[0].y), self.ingredients(self.parts[0])[2]
        if not self.batch:
            return self.gradient(theta)
        epoch, place = divmod(step, -(-n // self.batch))
        rng = streams(0).batches
        order = [rng.permutation(n) for _ in range(epoch + 1)][-1]
        chosen = order[place * self.batch : (place + 1) * self.batch]
        weights = np.zeros(n)
        weights[chosen] = shares[chosen] * n / len(chosen)
        return self.gradient(theta, weights)

    def stable_rate(self, theta):
        """2 / the largest eigenvalue of a Hessian by central differences."""
        h, flat = 1e-5, theta.ravel()
        rows = [
            (self.gradient((flat + h * e).reshape(3, 3)) - self.gradient((flat - h * e).reshape(3, 3)))
            / (2 * h)
            for e in np.eye(9)
        ]
        return 2 / np.linalg.eigvalsh(np.array([row.ravel() for row in rows]))[-1]

    @cached_property
    def best(self):
        """The optimum: theta = up - down with both at least 0, so that L1 is smooth."""

        def both(x):
            up, down = x.reshape(2, 3, 3)
            theta, corner = up - down, self.l1 * np.array([[1.0], [1.0], [0.0]])
            smooth = self.loss(theta) - self.l1 * np.abs(theta[:-1]).sum()
            value = smooth + self.l1 * (up + down)[:-1].sum()
            grad = self.gradient(theta)
            return value, np.concatenate([(grad + corner).ravel(), (corner - grad).ravel()])

        result = scipy.optimize.minimize(
            both, np.zeros(18), jac=True, method="L-BFGS-B", bounds=[(0, None)] * 18,
            options={"maxiter": 5000, "maxfun": 20_000, "ftol": 1e-16, "gtol": 1e-10},
        )  # fmt: skip
        up, down = result.x.reshape(2, 3, 3)
        return up - down


WEIGHTED = Scene(rate=0.1)
SCENES = {
    "class weights": WEIGHTED,
    "L2, smoothing and batches": Scene(test=0.2, l2=0.03, smoothing=0.1, batch=16),
    "L1, L2, smoothing and batches": Scene(test=0.2, l2=0.01, l1=0.003, smoothing=0.05, batch=32),
}


@pytest.fixture(params=SCENES.values(), ids=SCENES.keys())
def scene(request):
    return request.param


def opened(scene, **query):
    app = AppTest.from_file(PAGE, default_timeout=60)
    for key, value in (scene.query | query).items():
        app.query_params[key] = value
    app.run()
    for _ in range(200):  # the optimum is looked for beside the page
        if "**…** at the optimum" not in prose(app) and "being looked for" not in prose(app):
            break
        time.sleep(0.05)
        app.run()
    assert not app.exception
    return app


def prose(app):
    """All sentences and tables, with a plain minus."""
    texts = [e.value for kind in (app.caption, app.markdown, app.latex, app.warning, app.info) for e in kind]
    return "\n".join([*texts, *(e.proto.body for e in app.get("html"))]).replace("−", "-")


def numbers_after(pattern, text):
    """The numbers in what a pattern with one group has caught."""
    match = re.search(pattern, text, re.DOTALL)
    assert match, f"{pattern} is not in {text[:2000]}"
    return [float(part) for part in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", match[1])]


def rows_of(app, head):
    """The numbers of the table whose head holds a text, row by row, without the first cell."""
    table = next(e.proto.body for e in app.get("html") if head in e.proto.body).replace("−", "-")
    body = re.findall(r"<tr class=\"[a-z]*\">(.*?)</tr>", table)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)[1:] for row in body]
    return [[float(n) for cell in row for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", cell)] for row in cells]


def drawn(app, kind, label=None, key="y"):
    """A series of the charts on the page."""
    for element in app.get("plotly_chart"):
        for trace in json.loads(element.proto.spec)["data"]:
            meta = trace.get("meta") or {}
            if meta.get("kind") == kind and label in (None, meta.get("label")):
                return decoded(trace[key])
    raise AssertionError(f"no {kind} {label or ''} is drawn")


def decoded(values):
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).astype(float)
    return np.array(values, dtype=float)


def on_stage(app):
    """The run that the stage plays; its readout prints loss and accuracy of the step."""
    return app.session_state["training"].mounted.run


def packed(run, name):
    return np.frombuffer(base64.b64decode(run.message["run"][name]), "<f8")


def near(digits):
    return {"rtol": 0, "atol": 0.51 * 10.0**-digits}


def test_the_issue_s_numbers():
    """With balanced class weights 1.41 at the start and 5.89 at step 100, everywhere."""
    thetas = WEIGHTED.run.thetas
    assert f"{WEIGHTED.stable_rate(thetas[0]):.2f}" == "1.41"
    assert f"{WEIGHTED.stable_rate(thetas[100]):.2f}" == "5.89"
    assert "(2 / curvature): **1.41** at the start" in prose(
        opened(WEIGHTED, training_panel="settings", training_all="true")
    )
    for panel in ("weights", "landscape"):
        app = opened(WEIGHTED, training_panel=panel, training_stage_step="100")
        if panel == "weights":
            assert numbers_after(
                r"learning rate below 2 / [^=]* = (\S+) is stable", prose(app)
            ) == pytest.approx([5.89], abs=0.005)
        else:
            rates = drawn(app, "line")
            assert [f"{rates[0]:.2f}", f"{rates[-1]:.2f}"] == ["1.41", "5.89"]


def test_loss_and_accuracy(scene):
    """Stage, curves, story, race, comparison, diagnostics and the file to take away."""
    thetas, (part, held) = scene.run.thetas, scene.parts
    loss, after = scene.loss(thetas[STEP]), scene.loss(thetas[STEP + 1])
    A = scene.ingredients(part)[0]
    right = [((A @ thetas[t]).argmax(axis=1) == part.y).mean() for t in (STEP, STEPS)]

    app = opened(scene, training_panel="curves")
    run = on_stage(app)
    np.testing.assert_array_equal(run.trajectory.thetas, thetas)
    every = [scene.loss(theta) for theta in thetas]
    np.testing.assert_allclose(packed(run, "loss"), every, rtol=1e-12)
    np.testing.assert_allclose(drawn(app, "line", "training", key="customdata"), every, rtol=1e-12)
    np.testing.assert_allclose(drawn(app, "line", "training"), every, rtol=1e-6)
    np.testing.assert_allclose(packed(run, "accuracy")[[STEP, STEPS]], right, rtol=1e-12)
    if held.y.size:
        tested = [scene.loss(theta, held) for theta in thetas]
        np.testing.assert_allclose(packed(run, "test_loss"), tested, rtol=1e-12)
        np.testing.assert_allclose(drawn(app, "line", "test", key="customdata"), tested, rtol=1e-12)
    best = scene.loss(scene.best)
    at_step, least, gap = numbers_after(r"at step \d+: (.*) nats", prose(app).replace(" - ", " "))
    np.testing.assert_allclose([at_step, least, gap], [loss, best, loss - best], **near(4))
    np.testing.assert_allclose(drawn(app, "best"), best, atol=1e-7)

    story = opened(scene, training_panel="story", training_phase="loss", training_point=str(POINT))
    np.testing.assert_allclose(numbers_after(r"penalties, is \*\*(.*?)\*\*", prose(story)), [loss], **near(4))
    update = opened(scene, training_panel="story", training_phase="update")
    np.testing.assert_allclose(
        numbers_after(r"The loss goes from (.*?)\*\*\. Next", prose(update)), [loss, after], **near(4)
    )

    mistakes = prose(opened(scene, training_panel="diagnostics"))
    assert numbers_after(r"right, (\S+) %", mistakes) == pytest.approx([100 * right[0]], abs=0.051)

    race = opened(scene, training_mode="race")
    first = rows_of(race, "accuracy at the end")[0]
    np.testing.assert_allclose(first[:2], [loss, scene.loss(thetas[-1])], **near(4))
    assert f"{100 * right[1]:.1f} %" in prose(race)

    taken = prose(opened(scene, training_panel="takeaway"))
    np.testing.assert_allclose(
        numbers_after(r"prints the loss \*\*(.*?)\*\*", taken), [scene.loss(thetas[-1])], **near(6)
    )
    rows = list(csv.reader(io.StringIO(trajectory_csv(run, ["a", "b", "c"], ["x1", "x2"]))))
    np.testing.assert_allclose(float(rows[1 + STEP][1]), loss, rtol=1e-12)
    np.testing.assert_allclose(float(rows[-1][2]), right[1], rtol=1e-12)


def test_the_comparison_with_the_run_before(scene):
    app = opened(scene, training_panel="weights")
    app.session_state["training_rate"] = 0.5
    app.run()
    now = on_stage(app).trajectory
    cells_of = dict(re.findall(r'<th scope="row">((?:loss|accuracy) at [a-z ]+)</th>(.*?)</tr>', prose(app)))
    theta = scene.run.thetas
    read = {
        name: [float(n) for n in re.findall(r"<td>(\S+?)(?: %)?</td>", cells)]
        for name, cells in cells_of.items()
    }
    np.testing.assert_allclose(
        read["loss at this step"], [scene.loss(theta[STEP]), scene.loss(now.thetas[STEP])], **near(4)
    )
    np.testing.assert_allclose(
        read["loss at the end"], [scene.loss(theta[-1]), scene.loss(now.thetas[-1])], **near(4)
    )
    right = [100 * one.accuracy[-1] for one in (scene.run, now)]
    np.testing.assert_allclose(read["accuracy at the end"], right, **near(1))


def test_stable_rates(scene):
    """Caption beside the rate, weights panel, landscape, and the warnings."""
    thetas = scene.run.thetas
    start, middle, end = (scene.stable_rate(thetas[t]) for t in (0, STEP, STEPS))
    best = scene.stable_rate(scene.best)
    weights = prose(opened(scene, training_panel="weights"))
    land = opened(scene, training_panel="landscape")
    beside = prose(opened(scene, training_panel="settings", training_all="true"))
    rates = numbers_after(r"\(2 / curvature\): (.*?) at the optimum", beside)
    np.testing.assert_allclose(rates, [start, best], rtol=6e-3)
    curvature, _, again, rate = numbers_after(
        r"largest curvature of the loss here is (.*?) is stable", weights
    )
    np.testing.assert_allclose([curvature, again, rate], [2 / middle, 2 / middle, middle], rtol=6e-4)
    assert rate == pytest.approx(2 / curvature, rel=6e-4)
    np.testing.assert_allclose(drawn(land, "line")[[0, -1]], [start, end], rtol=1e-6)
    np.testing.assert_allclose(
        numbers_after(r"At the optimum it stands at (\d+\.\d+)", prose(land)), [best], rtol=6e-3
    )


@pytest.mark.parametrize(
    ("scene", "place"), [(Scene(rate=20), "optimum"), (Scene(rate=20, balance=0.1, noise=1.0), "start")]
)
def test_the_warnings_about_the_rate(scene, place):
    """At the optimum where there is one; where the data are separable, at the start."""
    text = prose(opened(scene, training_panel="settings", training_all="true"))
    expected = scene.stable_rate(np.zeros((3, 3)) if place == "start" else scene.best)
    limits = numbers_after(rf"is above 2 / curvature = (\S+) at the {place}", text)
    assert limits == pytest.approx([expected], rel=6e-3)
    assert f"**{limits[0]:g}** at the {place}" in text
    rises = scene.run.rising_share * STEPS
    assert numbers_after(r"Here (\d+ of \d+) steps raised the loss", text) == [round(rises), STEPS]


def test_gradients(scene):
    """Weights panel, story, stage and norms show the gradient of the step, that of its batch."""
    theta = scene.run.thetas[STEP]
    grad = scene.step_gradient(theta, STEP)
    app = opened(scene, training_panel="weights")
    heads = ("<i>w</i>: x1", "∂<i>L</i>/∂<i>w</i>")
    rows = np.hstack([np.array(rows_of(app, head)) for head in heads])
    np.testing.assert_allclose(rows, np.hstack([theta.T, grad.T]), **near(4))
    path = on_stage(app).trajectory
    np.testing.assert_allclose(np.vstack([path.grad_W[STEP], path.grad_b[STEP]]), grad, atol=1e-13)
    story = opened(scene, training_panel="story", training_phase="gradient", training_point=str(POINT))
    rows = np.array(rows_of(story, "mean of the pulls"))
    np.testing.assert_allclose(rows[:, 4:], -grad.T, **near(4))
    np.testing.assert_allclose(rows[:, 2:4], -scene.l2 * theta[:-1].T, **near(4))
    np.testing.assert_allclose(rows[:, :2] + rows[:, 2:4], rows[:, 4:6], atol=2.1e-4)
    norms = prose(opened(scene, training_panel="diagnostics", training_diagnosis="norms"))
    np.testing.assert_allclose(
        numbers_after(r"Norm of the gradient\*?\*?: (\S+)", norms), [np.linalg.norm(grad)], **near(4)
    )


def test_the_loss_of_a_point(scene):
    """The story, and the table of points: with shares and penalties its losses add up to that of the run."""
    theta, (part, held) = scene.run.thetas[STEP], scene.parts
    alone = scene.point_losses(theta, part)
    story = opened(scene, training_panel="story", training_phase="loss", training_point=str(POINT))
    formula = next(text.value for text in story.latex if r"\log" in text.value)
    np.testing.assert_allclose(numbers_after(r"= (\S+)\s*\$*$", formula), [alone[POINT]], **near(4))
    table = opened(scene, training_panel="samples").dataframe[0].value
    np.testing.assert_allclose(table["loss"], np.r_[alone, scene.point_losses(theta, held)], rtol=1e-10)
    A = np.vstack([scene.ingredients(data)[0] for data in scene.parts])
    np.testing.assert_allclose(
        table[["p class 0", "p class 1", "p class 2"]], sp.softmax(A @ theta, axis=1), rtol=1e-10
    )
    np.testing.assert_array_equal(table["right"], (A @ theta).argmax(axis=1) == np.r_[part.y, held.y])


def test_heights_of_the_landscape(scene):
    """The playhead lies on the surface at the loss of the run."""
    app = opened(scene, training_panel="landscape", training_plane="two")
    heights = dict(drawn(app, "path", key="customdata").reshape(-1, 2))
    np.testing.assert_allclose(heights[STEP], scene.loss(scene.run.thetas[STEP]), rtol=1e-9)


def test_each_segment_has_its_loss():
    """At the playhead everything is said of the settings that the run has there, not of the present ones."""
    scene = Scene(test=0.2, l2=0.1, smoothing=0.2)
    link = {
        "training_l2": "0", "training_smoothing": "0", "training_stage_step": "20",
        "training_stage_plan": "0!l2=0.1!smoothing=0.2~40",
    }  # fmt: skip
    theta, best = scene.run.thetas[20], scene.loss(scene.best)
    loss, rate = scene.loss(theta), scene.stable_rate(theta)

    text = prose(opened(scene, **link, training_panel="curves"))
    np.testing.assert_allclose(
        numbers_after(r"at step \d+: (.*) nats", text.replace(" - ", " ")),
        [loss, best, loss - best],
        **near(4),
    )
    text = prose(opened(scene, **link, training_panel="weights"))
    assert numbers_after(r"learning rate below 2 / [^=]* = (\S+) is stable", text) == pytest.approx(
        [rate], abs=6e-4
    )
    points = opened(scene, **link, training_panel="samples").dataframe[0].value
    np.testing.assert_allclose(
        points["loss"], np.concatenate([scene.point_losses(theta, part) for part in scene.parts]), rtol=1e-10
    )
    land = opened(scene, **link, training_panel="landscape", training_plane="two")
    heights = dict(drawn(land, "path", key="customdata").reshape(-1, 2))
    np.testing.assert_allclose(heights[20], loss, rtol=1e-9)
    present = Scene(test=0.2)
    end = on_stage(land).trajectory.thetas[-1]
    expected = [scene.stable_rate(scene.run.thetas[0]), present.stable_rate(end)]
    np.testing.assert_allclose(drawn(land, "line")[[0, -1]], expected, rtol=1e-6)
