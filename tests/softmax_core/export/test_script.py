"""Scripts are run by a Python of their own, and their last loss is the page's."""

import ast
import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_core.datasets import DataSpec, make
from softmax_core.export import numpy_script, sklearn_script, torch_script
from softmax_core.export.lifting import lift
from softmax_core.features import Cubic, Linear, Quadratic, RadialBasis, Sine
from softmax_core.objective import Objective
from softmax_core.optimizers import OPTIMIZERS, GradientDescent, Optimizer
from softmax_core.optimum.minimise import optimum_of
from softmax_core.optimum.proximal import shrink
from softmax_core.schedules import CosineDecay, InverseTime, Schedule, StepDecay
from softmax_core.training import TrainConfig, train

DATA = make(DataSpec("blobs", n=60, n_classes=3, noise=1.9))
PAIR = make(DataSpec("moons", n=50, n_classes=2, noise=0.4))
EVERYTHING = {
    "l2": 0.01, "l1": 0.02, "label_smoothing": 0.1, "class_weights": "balanced",
    "features": Cubic(standardise=True),
}  # fmt: skip


def outcome(text, tmp_path, name="script"):
    """Run a script where this package cannot be found; return the loss that it prints."""
    path = tmp_path / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(path)],
        capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    word, number = told.stdout.split()
    assert word == "loss"
    return float(number)


CONFIGS = {
    "plain": TrainConfig(steps=300),
    "everything": TrainConfig(
        GradientDescent(0.05), steps=100, batch_size=16, start="random", schedule=CosineDecay(80), **EVERYTHING
    ),
    "radial": TrainConfig(steps=50, features=RadialBasis(4, standardise=True), schedule=StepDecay(10, 0.5)),
    "sine": TrainConfig(steps=50, features=Sine(2.0), schedule=InverseTime(0.1)),
    "l1": TrainConfig(steps=40, l1=0.02),
    "no steps": TrainConfig(steps=0),
} | {name: TrainConfig(kind(), steps=30, l2=0.01) for name, kind in OPTIMIZERS.items()}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGS)
def test_numpy_alone_reaches_the_same_loss(name, tmp_path):
    config = CONFIGS[name]
    found = outcome(numpy_script(DATA, config), tmp_path)
    assert found == pytest.approx(train(DATA, config).loss[-1], abs=1e-9)


def test_a_script_starts_where_it_is_told(tmp_path):
    rows = ((0.5, -1.0, 0.25), (1.0, 0.0, 0.0), (0.0, 0.125, -0.5))
    start = np.array(rows)
    config = TrainConfig(steps=20)
    expected = train(DATA, config, (start[:-1], start[-1])).loss[-1]
    assert outcome(numpy_script(DATA, config, rows), tmp_path) == pytest.approx(expected, abs=1e-12)


OPTIMA = {
    "plain": TrainConfig(),
    "l2": TrainConfig(l2=0.1),
    "l1": TrainConfig(l1=0.05),
    "everything": TrainConfig(**EVERYTHING),
    "standardised": TrainConfig(l2=0.01, features=Linear(standardise=True)),
    "quadratic": TrainConfig(l2=0.01, features=Quadratic()),
    "radial": TrainConfig(l2=0.01, features=RadialBasis(3, standardise=True)),
    "sine": TrainConfig(l2=0.01, features=Sine(2.0)),
}  # fmt: skip


@pytest.mark.parametrize("data", [DATA, PAIR], ids=["three classes", "two classes"])
@pytest.mark.parametrize("name", OPTIMA)
def test_scikit_learn_finds_the_same_optimum(name, data, tmp_path):
    config = OPTIMA[name]
    found = outcome(sklearn_script(data, config), tmp_path)
    assert found == pytest.approx(optimum_of(data, config).loss, abs=1e-4)


IN_PYTORCH = ("gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton")


@pytest.mark.parametrize("name", IN_PYTORCH)
def test_pytorch_has_words_for(name):
    assert "torch.optim." in torch_script(DATA, TrainConfig(OPTIMIZERS[name](), steps=3))


@dataclass(frozen=True)
class Halving(Schedule):
    def factor(self, t):
        return 0.5**t


@dataclass(frozen=True)
class Shorter(GradientDescent):
    pass


@dataclass(frozen=True)
class Mirror(Linear):
    def basis(self, U):
        return SimpleNamespace(values=lambda X: -X, names=lambda names: names, keeps_inputs=False)


@pytest.mark.parametrize(
    "config",
    [TrainConfig(schedule=Halving()), TrainConfig(Shorter()), TrainConfig(features=Mirror())],
    ids=["schedule", "optimizer", "features"],
)
def test_what_a_script_has_no_words_for_is_refused_by_name(config):
    for write in (numpy_script, torch_script):
        with pytest.raises(ValueError, match=r"Halving|Shorter|Mirror|SimpleNamespace"):
            write(DATA, config)


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is only needed here and in bench/"
)
@pytest.mark.parametrize("name", [*IN_PYTORCH, "everything"])
def test_pytorch_goes_the_same_way(name, tmp_path):
    if name == "everything":
        config = TrainConfig(GradientDescent(0.05), steps=60, schedule=CosineDecay(80), **EVERYTHING)
    else:
        kind = OPTIMIZERS[name]
        config = TrainConfig(
            kind(), steps=30, l1=0.0 if kind.proximal_scale is Optimizer.proximal_scale else 0.01
        )
    assert outcome(torch_script(DATA, config), tmp_path) == pytest.approx(
        train(DATA, config).loss[-1], abs=1e-8
    )


def test_every_definition_is_the_packages_own():
    """Statement by statement the script has what the source has, docstrings and dropped methods aside."""
    text = numpy_script(DATA, CONFIGS["plain"])
    lifted = next(node for node in ast.parse(text).body if getattr(node, "name", "") == "Objective")
    with open(sys.modules[Objective.__module__].__file__, encoding="utf-8") as file:
        own = next(node for node in ast.parse(file.read()).body if getattr(node, "name", "") == "Objective")
    methods = {part.name: part for part in own.body if isinstance(part, ast.FunctionDef)}
    compared = 0
    for part in lifted.body:
        if isinstance(part, ast.FunctionDef):
            assert [ast.dump(line) for line in part.body[1:]] == [
                ast.dump(line) for line in methods[part.name].body[1:]
            ]
            compared += 1
    assert compared >= 6


def test_a_script_names_no_module_of_the_package():
    for config in CONFIGS.values():
        for node in ast.walk(ast.parse(numpy_script(DATA, config))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("softmax_core")


def test_every_digit_of_the_points_is_there():
    text = torch_script(DATA, TrainConfig())
    names: dict[str, object] = {"np": np}
    exec(text[text.index("X = np.array") : text.index("features = ")], names)
    np.testing.assert_array_equal(names["X"], DATA.X)
    np.testing.assert_array_equal(names["y"], DATA.y)


def test_what_is_not_the_packages_own_is_not_lifted():
    with pytest.raises(ValueError, match="received"):
        lift(np.clip)
    assert "def shrink" in lift(shrink).text
