"""Scripts are run by a Python of their own, and their last loss is the page's."""

import ast
import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.export import NoTemplateError, OneClassError, numpy_script, sklearn_script, torch_script
from softmax_core.features import FEATURE_MAPS, Cubic, Linear, Quadratic, RadialBasis, Sine
from softmax_core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, Newton, Optimizer
from softmax_core.optimum.minimise import optimum_of
from softmax_core.schedules import SCHEDULES, CosineDecay, InverseTime, Schedule, StepDecay
from softmax_core.training import Stop, TrainConfig, train

DATA = make(DataSpec("blobs", n=60, n_classes=3, noise=1.9))
PAIR = make(DataSpec("moons", n=50, n_classes=2, noise=0.4))
EVERYTHING = {
    "l2": 0.01, "l1": 0.02, "label_smoothing": 0.1, "class_weights": "balanced",
    "features": Cubic(standardise=True),
}  # fmt: skip
OLD_CLASSES = (0.5, 1.0, 2.5)


RUNNER = """
import json, runpy, sys, traceback, contextlib, io
printed = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            runpy.run_path(path)
        except BaseException:
            print(traceback.format_exc())
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


def outcomes(texts, folder):
    """Run scripts in a Python where this package cannot be found; return what each prints."""
    paths = [folder / f"script_{i}.py" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", RUNNER, *map(str, paths)],
        capture_output=True, text=True, timeout=300, cwd=folder, check=True,
    )  # fmt: skip
    return json.loads(ended.stdout)


def number(printed):
    """Return the loss that a script printed and nothing else."""
    words = printed.split()
    assert words[:-1] == ["loss"], printed
    return float(words[-1])


def outcome(text, folder):
    """Run one script; return the loss that it prints."""
    return number(outcomes([text], folder)[0])


CONFIGS = {
    "plain": TrainConfig(steps=300),
    "everything": TrainConfig(
        GradientDescent(0.05), steps=100, batch_size=16, start="random", schedule=CosineDecay(80), **EVERYTHING
    ),
    "radial": TrainConfig(steps=50, features=RadialBasis(4, standardise=True), schedule=StepDecay(10, 0.5)),
    "sine": TrainConfig(steps=50, features=Sine(2.0), schedule=InverseTime(0.1)),
    "l1": TrainConfig(steps=40, l1=0.02),
    "no steps": TrainConfig(steps=0),
    "batches": TrainConfig(steps=70, batch_size=7, seed=5, l2=0.1),
    "a batch of all samples": TrainConfig(steps=20, batch_size=60),
    "weights of classes": TrainConfig(steps=40, class_weights=OLD_CLASSES),
    "weights of classes in batches": TrainConfig(steps=40, class_weights=OLD_CLASSES, batch_size=11),
    "smoothing": TrainConfig(steps=40, label_smoothing=0.2),
    "smoothing with weights": TrainConfig(steps=40, label_smoothing=0.2, class_weights=OLD_CLASSES),
    "random start": TrainConfig(steps=40, start="random", start_scale=0.3, seed=9),
    "floor": TrainConfig(steps=60, schedule=CosineDecay(40, 0.25)),
    "damped Newton": TrainConfig(Newton(0.5, 0.1), steps=8, class_weights=OLD_CLASSES, schedule=StepDecay(2, 0.5)),
    "adam in batches": TrainConfig(Adam(0.1), steps=50, batch_size=16, l1=0.01, schedule=InverseTime(0.1)),
    "early stopping": TrainConfig(Momentum(), steps=300, stop=Stop(gradient_norm=0.05)),
}  # fmt: skip


def has_template(write, config):
    try:
        write(DATA, config)
    except NoTemplateError:
        return False
    return True


REGISTERED = {name: TrainConfig(kind(), steps=30, l2=0.01) for name, kind in OPTIMIZERS.items()}
REGISTERED |= {
    f"{name} with L1": TrainConfig(kind(), steps=30, l1=0.02)
    for name, kind in OPTIMIZERS.items()
    if kind.proximal_scale is not Optimizer.proximal_scale
}
REGISTERED |= {
    f"schedule {name}": TrainConfig(steps=130, schedule=kind()) for name, kind in SCHEDULES.items()
}
REGISTERED |= {
    f"{name} features{standard * ', standardised'}": TrainConfig(
        GradientDescent(0.01), steps=30, features=kind(standardise=standard)
    )
    for name, kind in FEATURE_MAPS.items()
    for standard in (False, True)
}

CONFIGS |= {name: config for name, config in REGISTERED.items() if has_template(numpy_script, config)}


def test_what_comes_with_the_page_has_a_template():
    optimizers = {"gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "newton"}
    schedules = {f"schedule {name}" for name in ("constant", "step", "cosine", "inverse_time")}
    features = {f"{name} features" for name in ("linear", "quadratic", "cubic", "radial", "sine")}
    assert optimizers | schedules | features <= set(CONFIGS)
    assert all(has_template(torch_script, CONFIGS[name]) for name in optimizers | schedules | features)


def run_of(config):
    """Return a run, and the config of its script, which has as many steps as the run took."""
    path = train(DATA, config)
    return path, replace(config, steps=path.steps)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return a function that gives what the scripts of a library printed: all of them run in one process."""

    @cache
    def of(write):
        configs = {name: config for name, config in CONFIGS.items() if has_template(write, config)}
        texts = [write(DATA, run_of(config)[1]) for config in configs.values()]
        return dict(zip(configs, outcomes(texts, tmp_path_factory.mktemp("scripts")), strict=True))

    return of


@pytest.mark.parametrize("name", CONFIGS)
def test_numpy_alone_reaches_the_same_loss(name, printed):
    expected = run_of(CONFIGS[name])[0].loss[-1]
    assert number(printed(numpy_script)[name]) == pytest.approx(expected, abs=1e-9)


def test_early_stopping_is_mentioned():
    path, config = run_of(CONFIGS["early stopping"])
    assert 0 < path.steps < 300
    assert f"for t in range({path.steps}):  # early stopping" in numpy_script(DATA, config)


def test_a_script_starts_where_it_is_told(tmp_path):
    rows = ((0.5, -1.0, 0.25), (1.0, 0.0, 0.0), (0.0, 0.125, -0.5))
    start = np.array(rows)
    config = TrainConfig(steps=20)
    expected = train(DATA, config, (start[:-1], start[-1])).loss[-1]
    assert outcome(numpy_script(DATA, config, rows), tmp_path) == pytest.approx(expected, abs=1e-12)


def with_points(X, y, n_classes=3):
    names = tuple("abcdefgh"[:n_classes])
    return Dataset(X, y, n_classes, ("u", "v"), names, "made up")


LINE = with_points([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [4.0, 5.0]], [0, 1, 0, 2])


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(steps=20, features=Linear(standardise=True)),
        TrainConfig(steps=20, features=RadialBasis(3)),
        TrainConfig(Newton(), steps=5, l2=0.1, features=Quadratic(standardise=True)),
    ],
    ids=["standardised", "radial", "newton"],
)
def test_an_input_that_does_not_vary(config, tmp_path):
    expected = train(LINE, config).loss[-1]
    assert outcome(numpy_script(LINE, config), tmp_path) == pytest.approx(expected, abs=1e-9)


def test_the_plain_script_has_about_thirty_lines():
    data, config = make(DataSpec("three_points")), TrainConfig(steps=300)
    for write in (numpy_script, sklearn_script, torch_script):
        text = write(data, config)
        assert text.count("\n") <= 32
        assert max(map(len, text.splitlines())) <= 110


OPTIMA = {
    "plain": TrainConfig(),
    "l2": TrainConfig(l2=0.1),
    "l1": TrainConfig(l1=0.05),
    "everything": TrainConfig(**EVERYTHING),
    "standardised": TrainConfig(l2=0.01, features=Linear(standardise=True)),
    "quadratic": TrainConfig(l2=0.01, features=Quadratic()),
    "quadratic, no penalty": TrainConfig(features=Quadratic()),
    "cubic, standardised": TrainConfig(l2=0.01, features=Cubic(standardise=True)),
    "radial": TrainConfig(l2=0.01, features=RadialBasis(3, standardise=True)),
    "sine": TrainConfig(l2=0.01, features=Sine(2.0)),
    "sine, no penalty": TrainConfig(features=Sine(2.0)),
    "smoothing": TrainConfig(label_smoothing=0.1),
    "weights": TrainConfig(class_weights="balanced"),
}  # fmt: skip


@pytest.fixture(scope="module")
def optima(tmp_path_factory):
    """Return what the scripts with scikit-learn printed, by number of classes and name."""
    cases = [(data, name) for data in (DATA, PAIR) for name in OPTIMA]
    texts = [sklearn_script(data, OPTIMA[name]) for data, name in cases]
    printed = outcomes(texts, tmp_path_factory.mktemp("optima"))
    return {(data.n_classes, name): text for (data, name), text in zip(cases, printed, strict=True)}


@pytest.mark.parametrize("data", [DATA, PAIR], ids=["three classes", "two classes"])
@pytest.mark.parametrize("name", OPTIMA)
def test_scikit_learn_finds_the_same_optimum(name, data, optima):
    config = OPTIMA[name]
    expected = optimum_of(data, config).loss
    assert number(optima[data.n_classes, name]) == pytest.approx(expected, abs=1e-4 if config.l1 else 1e-9)


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_units_do_not_disturb_scikit_learn(l2, tmp_path):
    """A mean 1e8 times the spread; a year beside a price: the expected loss is that of points around 0."""
    config = TrainConfig(l2=l2)
    centred = DATA.X - DATA.X.mean(axis=0)
    scales = np.array([10.0, 1e5])
    far = sklearn_script(with_points(centred + 1e8, DATA.y), config)
    wide = sklearn_script(with_points(centred * scales + [2000.0, 3e5], DATA.y), config)
    losses = [number(printed) for printed in outcomes([far, wide], tmp_path)]
    assert losses[0] == pytest.approx(optimum_of(with_points(centred, DATA.y), config).loss, abs=1e-6)
    assert losses[1] == pytest.approx(
        optimum_of(with_points(centred * scales, DATA.y), config).loss, abs=1e-9
    )


def test_a_class_without_points(tmp_path):
    data = with_points(PAIR.X, PAIR.y * 2)
    configs = [TrainConfig(l2=0.1, class_weights=weights) for weights in (None, "balanced", (1.0, 2.0, 3.0))]
    texts = outcomes([sklearn_script(data, config) for config in configs], tmp_path)
    expected = [optimum_of(data, config).loss for config in configs]
    assert [number(printed) for printed in texts] == pytest.approx(expected, abs=1e-7)


def test_one_class_is_too_few_for_scikit_learn():
    with pytest.raises(OneClassError, match="received \\[1\\]"):
        sklearn_script(with_points([[0.0, 1.0], [1.0, 0.0]], [1, 1]), TrainConfig())


HAS_TORCH = importlib.util.find_spec("torch") is not None


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is only needed here and in bench/")
@pytest.mark.parametrize("name", CONFIGS)
def test_pytorch_goes_the_same_way(name, printed):
    expected = run_of(CONFIGS[name])[0].loss[-1]
    if name not in printed(torch_script):
        pytest.skip("PyTorch has no such rule")
    assert number(printed(torch_script)[name]) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("write", [numpy_script, sklearn_script, torch_script])
def test_a_script_is_python_and_names_no_module_of_the_package(write):
    for config in CONFIGS.values():
        for node in ast.walk(ast.parse(write(DATA, config))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("softmax_core")


@pytest.mark.parametrize("write", [numpy_script, sklearn_script, torch_script])
def test_every_digit_of_the_points_is_there(write):
    text = write(DATA, TrainConfig())
    assignments = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("X", "y")
    ]
    names: dict[str, object] = {"np": np}
    exec(compile(ast.Module(assignments, []), "points", "exec"), names)
    np.testing.assert_array_equal(names["X"], DATA.X)
    np.testing.assert_array_equal(names["y"], DATA.y)


@dataclass(frozen=True)
class Halving(GradientDescent):
    """Somebody's optimiser: it is a gradient descent by class and none by what it does."""

    def step(self, theta, grad, slots, t):
        return theta - 0.5 * self.learning_rate * grad, slots


@dataclass(frozen=True)
class WarmUp(Schedule):
    """Somebody's schedule."""

    def factor(self, t):
        return min(1.0, t / 10)


@dataclass(frozen=True)
class Doubled(Linear):
    """Somebody's feature map."""


@pytest.mark.parametrize(
    ("config", "name", "writers"),
    [
        (TrainConfig(Halving()), "Halving", (numpy_script, torch_script)),
        (TrainConfig(schedule=WarmUp()), "WarmUp", (numpy_script, torch_script)),
        (TrainConfig(features=Doubled()), "Doubled", (numpy_script, sklearn_script, torch_script)),
    ],
    ids=["optimiser", "schedule", "features"],
)
def test_what_has_no_template_is_named(config, name, writers):
    for write in writers:
        with pytest.raises(NoTemplateError, match=name) as error:
            write(DATA, config)
        assert error.value.name == name
        assert error.value.library in ("NumPy", "scikit-learn", "PyTorch")


@pytest.mark.parametrize("config", [TrainConfig(Halving()), TrainConfig(schedule=WarmUp())])
def test_how_a_run_goes_does_not_matter_to_scikit_learn(config):
    assert sklearn_script(DATA, config) == sklearn_script(DATA, TrainConfig())
