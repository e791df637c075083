"""The optimum of a run's loss as a script with scikit-learn."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.export.parts import (
    DEGREES,
    block,
    feature_text,
    points_text,
    script,
    weight_text,
)
from softmax_core.training import TrainConfig, fit_features

LIBRARY = "scikit-learn"


class OneClassError(ValueError):
    """scikit-learn fits no model to points of a single class."""


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
    NoTemplateError
        If the feature map is none of those with a template.
    OneClassError
        If fewer than two classes have points, and no smoothing gives the others a share.
    ValueError
        If the class weights do not fit the data, or the script has no words for the features.

    Notes
    -----
    scikit-learn minimises ``C * sum_i loss_i + penalty(W)`` where the page has a mean and
    ``(l2 / 2) * sum(W ** 2)``, so ``C = 1 / (n * l2)``. With two classes it has one vector w in place of
    two, whose best choice for the same difference is w / 2 and -w / 2: half the penalty.

    Features far from 0 would cost its solvers their digits. Shifting a feature moves the optimum only by
    the bias, which is not penalised, so the script always centres; dividing by the standard deviation
    would change what the penalty says, so that is done only where there is none, or where the run does.
    The solver newton-cholesky does not mind features of different sizes; L1 has saga alone, which does.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> "C=np.inf" in sklearn_script(make(DataSpec("iris")), TrainConfig())
    True
    >>> "C=1 / (150 * 0.1)" in sklearn_script(make(DataSpec("iris")), TrainConfig(l2=0.1))
    True
    """
    present = np.unique(data.y)
    classes = range(data.n_classes) if config.label_smoothing else present.tolist()
    if len(classes) < 2:
        raise OneClassError(f"{LIBRARY} needs points of at least two classes, received {present.tolist()}")
    degree = DEGREES.get(type(config.features))
    features, F = ("", "X") if degree else feature_text(data, fit_features(data, config), LIBRARY)
    stages = [*_scaling(config, degree), _model(config, data.y.size, len(classes))]
    names = sorted({stage.split("(")[0] for stage in stages[:-1]})
    return script(
        f'"""The optimum of softmax regression, with {LIBRARY}. Points and loss are those of Softmax Lab."""',
        block(
            "import numpy as np",
            "from scipy.special import log_softmax",
            "from sklearn.linear_model import LogisticRegression",
            "from sklearn.pipeline import make_pipeline",
            f"from sklearn.preprocessing import {', '.join(names)}",
        ),
        points_text(data),
        features,
        block(
            weight_text(data, config),
            ""
            if len(classes) == data.n_classes
            else "y = np.unique(y, return_inverse=True)[1]  # the classes that have points, counted anew",
            "# Shifting a feature moves only the bias, and keeps the solver's digits.",
            "" if _is_penalised(config) else "# Without a penalty its unit does not matter either.",
            block("model = make_pipeline(", *(f"    {stage}," for stage in stages), ")"),
            _fit(config, F, len(classes)),
        ),
        _loss(config, F, len(classes)),
    )


def _is_penalised(config: TrainConfig) -> bool:
    return bool(config.l2 or config.l1)


def _scaling(config: TrainConfig, degree: int | None) -> list[str]:
    """Return the stages of the pipeline before the model."""
    powers = [f"PolynomialFeatures({degree}, include_bias=False)"] if degree and degree > 1 else []
    if not _is_penalised(config):
        return ["StandardScaler()", *powers]
    standard = ["StandardScaler()"] if config.features.standardise and degree else []
    if standard and not powers:
        return standard
    return [*standard, *powers, "StandardScaler(with_std=False)"]


def _model(config: TrainConfig, n: int, n_classes: int) -> str:
    l2, l1 = config.l2, config.l1
    ridge = f"{l2!r}{'' if n_classes > 2 else ' / 2'}" if l2 else ""
    if l1:
        total = f"{l1!r} + {ridge}" if l2 else repr(l1)
        share = f"{l1!r} / ({total})" if l2 else "1.0"
        return (
            f'LogisticRegression(C=1 / ({n} * ({total})), l1_ratio={share}, solver="saga", '
            "tol=1e-9, max_iter=200_000)"
        )
    strength = f"1 / ({n} * {ridge})" if l2 else "np.inf"
    return f'LogisticRegression(C={strength}, solver="newton-cholesky", tol=1e-10, max_iter=1000)'


def _fit(config: TrainConfig, F: str, K: int) -> str:
    weighted, smoothing = config.class_weights is not None, config.label_smoothing
    if not smoothing:
        weights = ", logisticregression__sample_weight=weights" if weighted else ""
        return f"model.fit({F}, y{weights})"
    shares = "(weights[:, None] * Y)" if weighted else "Y"
    return block(
        f"# Soft targets: every point once for each class, weighted by its share ({smoothing!r} is spread over all).",
        f"Y = (1 - {smoothing!r}) * np.eye({K})[y] + {smoothing!r} / {K}",
        f"model.fit(np.repeat({F}, {K}, axis=0), np.tile(np.arange({K}), len(y)),",
        f"          logisticregression__sample_weight={shares}.ravel())",
    )


def _loss(config: TrainConfig, F: str, K: int) -> str:
    """Return the lines that compute the loss of the page at the weights that the model has."""
    weighted = config.class_weights is not None
    if config.label_smoothing:
        mean = f"-({'weights[:, None] * ' if weighted else ''}Y * log_P).sum() / len(y)"
    else:
        mean = f"-({'weights * ' if weighted else ''}log_P[np.arange(len(y)), y]).mean()"
    terms = [
        f"{config.l2!r} / 2 * (W**2).sum()" if config.l2 else "",
        f"{config.l1!r} * np.abs(W).sum()" if config.l1 else "",
    ]
    return block(
        "W, b = model[-1].coef_.T, model[-1].intercept_",
        "W, b = np.hstack([-W / 2, W / 2]), np.hstack([-b / 2, b / 2])  # one vector stands for both classes"
        if K == 2
        else "",
        f"log_P = log_softmax(model[:-1].transform({F}) @ W + b, axis=1)",
        " + ".join([f"loss = {mean}", *(term for term in terms if term)]),
        'print("loss", loss)',
    )
