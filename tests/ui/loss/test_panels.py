"""What the panels of the Loss page say, read from the page."""

import re

import numpy as np
import pytest
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from instruments.loss_curve import CurveState
from ui.frame.frame import ROOT
from ui.loss.derivation import steps_of
from ui.loss.walk import Walk


def opened(panel: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "loss.py"), default_timeout=120)
    app.query_params["loss_panel"] = panel
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    assert not app.session_state["_link"].notes
    return app


def html(app: AppTest) -> str:
    return " ".join(block.proto.body for block in app.get("html"))


def text(app: AppTest) -> str:
    return re.sub(r"<[^>]+>", "", html(app))


def formulas(app: AppTest) -> str:
    return " ".join(block.value for block in app.latex)


def rows(app: AppTest) -> list[list[str]]:
    """The cells of the first table, without their markup."""
    body = re.findall(r"<tbody>(.*?)</tbody>", html(app))[0]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line)]
        for line in re.findall(r"<tr.*?</tr>", body)
    ]


def test_the_product_shrinks_beside_the_sum_that_grows() -> None:
    app = opened("likelihood", loss_p2="0.5", loss_p3="0.2")
    p = np.array([sp.softmax([2.0, 1.0, 0.1])[0], 0.5, 0.2])
    shown = np.array([[float(cell) for cell in line[1:]] for line in rows(app)])
    np.testing.assert_allclose(shown.T, [p, np.cumprod(p), -np.log(p), -np.cumsum(np.log(p))], atol=6e-5)
    assert (np.diff(shown[:, 1]) < 0).all()
    assert (np.diff(shown[:, 3]) > 0).all()
    widths = [float(width) for width in re.findall(r"height:0.8em;width:([\d.]+)px", html(app))]
    product, total = [widths[0], widths[2], widths[5]], [widths[1], sum(widths[3:5]), sum(widths[6:9])]
    assert product == sorted(product, reverse=True)
    assert total == sorted(total)


def test_the_likelihood_is_written_over_samples_and_classes() -> None:
    written = formulas(opened("likelihood"))
    assert r"\prod_{i=1}^{n} \prod_{j=1}^{K} p_{ij}^{\,y_{ij}}" in written
    assert r"-\sum_{i=1}^{n} \sum_{j=1}^{K} y_{ij} \log p_{ij}" in written


def test_the_loss_is_called_what_it_is() -> None:
    assert "loss of this sample, in nats" in text(opened("steps"))
    likelihood, compare = text(opened("likelihood")), text(opened("compare"))
    assert "loss of this sample, in nats" not in likelihood
    assert "mean loss over the samples, in nats" in likelihood
    assert "loss of this sample, in nats" not in compare
    assert "only cross-entropy is in nats" in compare


@pytest.mark.parametrize("z", ["2~1~0.1", "-4~4~0"])
def test_the_other_losses_have_their_formulas_units_and_values(z: str) -> None:
    table = rows(opened("compare", loss_board_z=z, loss_delta="0.3"))
    residual = sp.softmax([float(x) for x in z.split("~")]) - [1, 0, 0]
    size = np.abs(residual)
    wanted = [
        -np.log(1 + residual[0]), (residual**2).sum(), size.sum(),
        np.where(size <= 0.3, size**2 / 2, 0.3 * (size - 0.15)).sum(),
    ]  # fmt: skip
    np.testing.assert_allclose([float(line[3]) for line in table], wanted, atol=6e-4)
    assert [line[2] for line in table] == ["nats", "none", "none", "none"]
    for line, piece in zip(table, ("−Σj yj log pj", ")2", "|pj − yj|", "δ(|r| − δ/2)"), strict=True):
        assert piece in line[1]


@pytest.mark.parametrize("turned", ["false", "true"])
def test_classes_are_numbered_as_in_the_formulas(turned: str) -> None:
    app = opened("labels", loss_renumber=turned)
    numbers = [line[1] for line in rows(app)]
    assert numbers == ["1", "2", "3"]
    assert "(1 + 3) / 2 = 2" in text(app) or "(3 + 1) / 2 = 2" in text(app)
    assert re.search(r"1 = \s*cat", text(app)), "the legend counts from 1 too"


def test_all_steps_are_shown_at_once_by_old_links() -> None:
    app = opened("steps", loss_step="8", loss_all="true")
    assert len(app.latex) == 10
    assert len(opened("steps", loss_step="3").latex) == 1


@pytest.mark.parametrize("asked", ["push", "pull"])
def test_the_slope_is_derived_once_it_is_not_asked_any_more(asked: str) -> None:
    app = opened("steps", loss_all="true", loss_challenge_open=asked)
    assert len(app.latex) == 6
    assert "Answer it first" in " ".join(block.value for block in app.markdown)
    assert not opened("steps", loss_step="8", loss_challenge_open=asked).latex
    assert len(opened("steps", loss_at="6", loss_challenge_open=asked).latex) == 1


@pytest.mark.parametrize(("before", "now"), [("1", 1), ("3", 4), ("4", 6), ("7", 9), ("8", 10)])
def test_a_step_of_an_older_link_is_the_same_step(before: str, now: int) -> None:
    assert opened("steps", loss_step=before).session_state["loss_at"] == now
    assert opened("steps", loss_at=str(now)).session_state["loss_at"] == now


def test_with_a_soft_target_the_cases_are_told_by_p_minus_y() -> None:
    app = opened("steps", loss_all="true", loss_board_y="0.602~0.298~0.1")
    written = " ".join(block.value for block in app.markdown)
    assert "p − 1" not in written
    assert "never positive" not in written
    assert "above 0 where p is too large" in written
    label = " ".join(block.value for block in opened("steps", loss_all="true").markdown)
    assert "p − 1 and never positive" in label


def test_what_rounding_leaves_of_a_slope_of_0_is_written_0() -> None:
    p = sp.softmax([0.0, np.log(2.0), np.log(3.0)])
    state = CurveState((0.0, float(np.log(2.0)), float(np.log(3.0))), soft=tuple(p.tolist()))
    assert "10^" not in steps_of(state)[8][1]


@pytest.mark.parametrize(
    ("taken", "said"),
    [(0, "Step 0 of 5"), (2, "Step 2 of 5"), (5, "not above 0.9"), (7, "More than 5 steps")],
)
def test_the_steps_of_the_open_goal_are_counted(taken: int, said: str) -> None:
    link = {"loss_eta": "0.2", "loss_from": "-1~2~0", "loss_taken": str(taken)}
    end = Walk((-1.0, 2.0, 0.0), taken).path(np.array([1.0, 0.0, 0.0]), 0.2)[-1]
    board = "~".join(repr(float(z)) for z in end)
    app = opened("walk", loss_challenge_open="walk", loss_board_z=board, **link)
    assert said in " ".join(block.value for block in app.caption)
    without = opened("walk", loss_board_z=board, **link)
    assert said not in " ".join(block.value for block in without.caption), "no goal, nothing to count"


def test_p_walks_to_y_and_a_link_goes_on_with_the_walk() -> None:
    app = opened("walk", loss_board_z="0~1~2", loss_board_smoothing="0.3", loss_eta="2")
    z, y = np.array([0.0, 1.0, 2.0]), np.array([0.8, 0.1, 0.1])
    for key, steps in (("loss_one", 1), ("loss_ten", 10)):
        press(app, key)
        for _step in range(steps):
            z = z - 2 * (sp.softmax(z) - y)
        np.testing.assert_allclose(walked(app), z, atol=1e-4)
    np.testing.assert_allclose(sp.softmax(walked(app)), y, atol=0.01)
    link = {"loss_from": "0.0~1.0~2.0", "loss_taken": "11", "loss_board_smoothing": "0.3", "loss_eta": "2"}
    again = opened("walk", loss_board_z="~".join(repr(float(x)) for x in walked(app)), **link)
    np.testing.assert_array_equal(walked(again), walked(app))
    press(again, "loss_again")
    assert walked(again).tolist() == [0, 1, 2]


def press(app: AppTest, key: str) -> None:
    next(button for button in app.button if key in (button.key or "")).click().run()
    assert not app.exception


def walked(app: AppTest) -> np.ndarray:
    return np.array(app.session_state["loss_board_slot"].state.logits)


@pytest.mark.parametrize("panel", ["likelihood", "labels"])
def test_a_soft_target_is_the_target_in_every_panel(panel: str) -> None:
    z, y = np.array([2.0, 1.0, 0.1]), np.array([0.5, 0.3, 0.2])
    app = opened(panel, loss_board_z="2~1~0.1", loss_board_y="0.5~0.3~0.2", loss_p2="0.5", loss_p3="0.2")
    loss = -float(y @ sp.log_softmax(z))
    said = html(app) + formulas(app) + " ".join(block.value for block in [*app.markdown, *app.caption])
    assert f"{loss:.4f}" in said
    assert f"{-sp.log_softmax(z)[0]:.4f}" not in said
    assert "no single true class" in said
    if panel == "likelihood":
        assert f"{np.exp(-loss) * 0.5 * 0.2:.4f}" in said
