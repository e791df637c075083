"""The optimum of a run's loss as a script with scikit-learn."""

from __future__ import annotations

from softmax_core.datasets.dataset import Dataset
from softmax_core.export.numpy_script import feature_lines, lifted_features
from softmax_core.export.parts import points_text
from softmax_core.features import Cubic, Linear, Quadratic
from softmax_core.training import TrainConfig, class_weights, fit_features

_DEGREES = {Linear: 1, Quadratic: 2, Cubic: 3}


def sklearn_script(data: Dataset, config: TrainConfig) -> str:
    """Return a script that finds with scikit-learn the optimum of the loss that a run goes down.

    Optimiser, steps and start have no place in it: ``LogisticRegression`` searches until it has found
    the minimum, and prints the loss there.

    Parameters
    ----------
    data : Dataset
        The training points; they are written into the script.
    config : TrainConfig

    Returns
    -------
    str
        Python. It needs scikit-learn 1.8 or newer.

    Raises
    ------
    ValueError
        If the class weights do not fit the data, or the script has no words for the features.

    Notes
    -----
    scikit-learn minimises ``C * sum_i loss_i + penalty(W)`` where the page has a mean and
    ``(l2 / 2) * sum(W ** 2)``, so ``C = 1 / (n * l2)``. With two classes it has one vector w in place of
    two, whose best choice for the same difference is w / 2 and -w / 2: half the penalty.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> "C=np.inf" in sklearn_script(make(DataSpec("iris")), TrainConfig())
    True
    >>> "C=1 / (150 * 0.1)" in sklearn_script(make(DataSpec("iris")), TrainConfig(l2=0.1))
    True
    """
    fitted = fit_features(data, config)
    degree = _DEGREES.get(type(config.features))
    imports = [
        "import numpy as np",
        "from scipy.special import log_softmax",
        "from sklearn.linear_model import LogisticRegression",
        "from sklearn.pipeline import make_pipeline",
    ]
    stages, inputs, before = [], "X", ""
    if config.features.standardise and degree:
        stages.append("StandardScaler()")
    if degree and degree > 1:
        stages.append(f"PolynomialFeatures({degree}, include_bias=False)")
    if degree is None:
        inputs, before = "features", "\n\n\n" + lifted_features(fitted)
    classes = [stage.split("(")[0] for stage in stages]
    if classes:
        imports.append(f"from sklearn.preprocessing import {', '.join(sorted(classes))}")
    stages.append(_model(data, config))
    weighted = _sample_weight(data, config)
    lines = [
        points_text(data), "",
        *([] if degree else feature_lines(fitted)),
        "model = make_pipeline(", *(f"    {stage}," for stage in stages), ")", *_fit(data, config, inputs, weighted),
        "",
        *_loss(data, config, inputs),
    ]  # fmt: skip
    head = '"""The optimum of softmax regression with scikit-learn; the points and the loss are those of Softmax Lab."""'
    return f"{head}\n\n" + "\n".join(imports) + before + "\n\n" + "\n".join(lines) + "\n"


def _model(data: Dataset, config: TrainConfig) -> str:
    n, l2, l1 = data.y.size, config.l2, config.l1
    half = "" if data.n_classes > 2 else " / 2"
    ridge = f"{l2!r}{half}" if l2 else ""
    if l1:
        total = " + ".join(part for part in (repr(l1), ridge) if part)
        share = f"{l1!r} / ({total})" if l2 else "1.0"
        return (
            f'LogisticRegression(C=1 / ({n} * ({total})), l1_ratio={share}, solver="saga", '
            "tol=1e-9, max_iter=200_000)"
        )
    strength = f"1 / ({n} * {ridge})" if l2 else "np.inf"
    return f"LogisticRegression(C={strength}, tol=1e-10, max_iter=20_000)"


def _sample_weight(data: Dataset, config: TrainConfig) -> str:
    """Return an expression for the weight of every sample, with mean 1; empty where all count alike."""
    weights = class_weights(data, config)
    if weights is None:
        return ""
    return f"(weight := np.array({list(weights)!r})[y]) * (len(y) / weight.sum())"


def _fit(data: Dataset, config: TrainConfig, inputs: str, weighted: str) -> list[str]:
    K, smoothing = data.n_classes, config.label_smoothing
    lines = [f"weights = {weighted or 'np.ones(len(y))'}"]
    if not smoothing:
        return [*lines, f"model.fit({inputs}, y, logisticregression__sample_weight=weights)"]
    return [
        *lines,
        f"# Soft targets: every point once for each class, weighted by its share ({smoothing!r} is spread over all).",
        f"Y = (1 - {smoothing!r}) * np.eye({K})[y] + {smoothing!r} / {K}",
        f"model.fit(np.repeat({inputs}, {K}, axis=0), np.tile(np.arange({K}), len(y)),",
        "          logisticregression__sample_weight=(weights[:, None] * Y).ravel())",
    ]


def _loss(data: Dataset, config: TrainConfig, inputs: str) -> list[str]:
    """Return the lines that compute the loss of the page at the weights that were found."""
    staged = type(config.features) in _DEGREES and config.features != Linear()
    scaled = f"model[:-1].transform({inputs})" if staged else inputs
    lines = [
        "found = model[-1]", "W, b = found.coef_.T, found.intercept_",
        "if W.shape[1] == 1:  # two classes: one vector stands for both",
        "    W, b = np.hstack([-W / 2, W / 2]), np.r_[-b / 2, b / 2]",
f"logits = {scaled} @ W + b",
    ]  # fmt: skip
    if not config.label_smoothing:
        lines.append(f"Y = np.eye({data.n_classes})[y][:, found.classes_]")
    lines.append("loss = -(weights[:, None] * Y * log_softmax(logits, axis=1)).sum() / len(y)")
    if config.l2:
        lines.append(f"loss += {config.l2!r} / 2 * (W**2).sum()")
    if config.l1:
        lines.append(f"loss += {config.l1!r} * np.abs(W).sum()")
    return [*lines, 'print(f"loss {float(loss)!r}")']
