"""Softmax regression as an estimator by scikit-learn's conventions, without scikit-learn.

``SoftmaxRegression()`` stands where ``LogisticRegression()`` stood: same meaning of C, same shapes, same
answers to 1e-6, in pipelines and searches too. Beside it, any optimiser of this package can do the
fitting, and ``partial_fit`` learns from batches as they come.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from softmax_core.estimator_input import (
    checked_labels,
    checked_matrix,
    column_names,
    of_scikit_learn,
    sorted_labels,
)
from softmax_core.functional import log_softmax, softmax
from softmax_core.objective import FullBatch, MiniBatches, Objective, shares_of
from softmax_core.optimizers import GradientDescent, Optimizer, Slots
from softmax_core.optimum.minimise import minimise
from softmax_core.seeds import streams
from softmax_core.validation import Float64Array, finite_number, whole_number

ROUTED = {"fit": ("sample_weight",), "partial_fit": ("sample_weight", "classes"), "score": ("sample_weight",)}


class NotFittedError(ValueError, AttributeError):
    """A prediction was asked of a model that has learnt nothing yet."""


class ConvergenceWarning(UserWarning):
    """A fit ended before its optimum."""


class SoftmaxRegression:
    """Linear classifier with softmax and cross-entropy.

    Minimises ``C * sum_i s_i * cross-entropy_i + 0.5 * sum(coef ** 2)`` where s_i are the sample weights
    times the class weights; the intercept is not penalised.

    Parameters
    ----------
    C : float
        Inverse strength of the penalty, > 0; ``np.inf`` is none. In the rest of this package the loss is
        a mean: ``l2 = 1 / (C * sum of weights)``, for two classes twice that, because there one vector
        is penalised instead of two opposite ones of half its length.
    fit_intercept : bool
        Whether there are biases.
    class_weight : None, "balanced" or dict
        Weights of the classes; "balanced" gives each the same total weight.
    optimizer : Optimizer, optional
        The update rule. None lets `fit` go to the optimum by Newton's method with a line search, or by L-BFGS
        where the Hessian is large, and `partial_fit` use gradient descent at rate 0.1.
    batch_size : int, optional
        Samples per step of an `optimizer`; None takes all.
    max_iter : int
        Most iterations of Newton's method (a tenth of those of L-BFGS), or epochs of an optimizer.
    tol : float
        Stop when a step promises less than this, in nats per sample, or an epoch lowers the loss by
        less.
    random_state : int
        Seed of the order of batches.

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels, sorted.
    coef_, intercept_ : ndarray, shapes (K, d) and (K,); for two classes (1, d) and (1,)
        For two classes they belong to the second; the first has logit 0.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Only if X had named columns.
    n_iter_ : ndarray of int, shape (1,)
    loss_curve_ : list of float
        The mean loss in nats, penalty included, before every iteration (epoch, call of `partial_fit`) and
        at the end.
    at_infinity_ : bool
        Whether no finite weights are best, so that these are a point on the way (see `optimum`).

    Examples
    --------
    >>> model = SoftmaxRegression().fit([[0.0], [1.0], [2.0], [3.0]], ["low", "low", "high", "high"])
    >>> model.predict([[0.5], [9.0]]), model.classes_
    (array(['low', 'high'], dtype='<U4'), array(['high', 'low'], dtype='<U4'))
    >>> model.predict_proba([[1.5]]).round(6)
    array([[0.5, 0.5]])
    """

    _estimator_type = "classifier"

    def __init__(
        self,
        C: float = 1.0,
        *,
        fit_intercept: bool = True,
        class_weight: str | dict[Any, float] | None = None,
        optimizer: Optimizer | None = None,
        batch_size: int | None = None,
        max_iter: int = 100,
        tol: float = 1e-10,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.optimizer = optimizer
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(
        self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None
    ) -> SoftmaxRegression:
        """Fit the model to samples X (n, d) with labels y (n,): numbers or text.

        Raises
        ------
        ValueError
            If the shapes do not fit, a number is not finite, a label is missing, there are fewer than two
            classes, or a parameter is out of range.

        Warns
        -----
        ConvergenceWarning
            If `max_iter` came before the optimum, if larger weights are always better (separable data without
            a penalty), or if the numbers of an optimizer overflowed: then the weights are the last whose loss is
            finite. scikit-learn's class where that is loaded.
        """
        A, labels = self._checked(X, y, first=True)
        self.classes_ = sorted_labels(labels)
        codes = np.searchsorted(self.classes_, labels)
        if len(self.classes_) < 2:
            raise ValueError(
                f"softmax regression needs at least 2 classes, received 1 class: {self.classes_[0]!r}"
            )
        weights = self._weights(labels, codes, sample_weight)
        objective = self._objective(A, codes, weights, float(weights.sum()))
        if self.optimizer is None:
            best = minimise(objective, max_iterations=self.max_iter, tolerance=self.tol)
            theta, self.loss_curve_ = np.vstack([best.W, best.b]), list(best.losses)
            self.at_infinity_ = best.at_infinity
            if best.at_infinity:
                self.loss_curve_[-1] = objective.loss(theta)  # not the limit, which no weights reach
                reason = (
                    "a class has no weight, so its intercept goes to minus infinity"
                    if objective.l2
                    else "without a penalty on classes that can be separated, larger weights are always better"
                )
                _warn(f"no finite weights are best: {reason}. The weights are on the way")
            elif best.is_rounded:
                _warn(
                    "the features are so large beside their spread that rounding blurs the logits: centre them"
                )
            elif not best.converged:
                _warn(f"max_iter={self.max_iter} iterations ended before the optimum: raise max_iter or tol")
        else:
            epochs = whole_number("max_iter", self.max_iter, 0)
            seed = whole_number("random_state", self.random_state, 0)
            theta, self.loss_curve_, ended = descend_by_epochs(
                objective, self.optimizer, self.batch_size, epochs, self.tol, seed
            )
            self.at_infinity_ = False
            if ended == "diverged":
                _warn(
                    f"the numbers overflowed in epoch {len(self.loss_curve_)}: the weights are those before it. "
                    f"A smaller learning rate than {self.optimizer!r} may help."
                )
            elif ended == "max_iter":
                _warn(f"max_iter={epochs} epochs ended before the loss changed by less than tol={self.tol}")
        self.n_iter_ = np.array([len(self.loss_curve_) - 1])
        self._seen = float(weights.sum())
        self._slots: Slots | None = None
        return self._keep(theta)

    def partial_fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        classes: npt.ArrayLike | None = None,
        sample_weight: npt.ArrayLike | None = None,
    ) -> SoftmaxRegression:
        """Make one step of the optimiser on a batch of samples.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`; not every class needs to occur.
        classes : array_like, shape (K,), optional
            All labels that will ever come. Needed in the first call on a model that is not fitted.

        Raises
        ------
        ValueError
            As `fit`; also if `classes` is missing or differs from before, or a label is not in it.

        Warns
        -----
        ConvergenceWarning
            If the numbers overflow; the step is not made.
        """
        first = not hasattr(self, "classes_")
        if first and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit, received None")
        A, labels = self._checked(X, y, first=first)
        if classes is not None:
            given = sorted_labels(checked_labels(classes))
            if len(given) < 2:
                raise ValueError(f"softmax regression needs at least 2 classes, received {classes!r}")
            if not first and not np.array_equal(given, self.classes_):
                raise ValueError(f"classes must stay {self.classes_!r}, received {classes!r}")
            self.classes_ = given
        codes = np.searchsorted(self.classes_, labels).clip(0, len(self.classes_) - 1)
        unknown = self.classes_[codes] != labels
        if unknown.any():
            raise ValueError(f"labels must lie in {self.classes_!r}, received {labels[unknown][0]!r}")
        if first:
            self._seen, self._slots, self.loss_curve_, self.at_infinity_ = 0.0, None, [], False
            theta = np.zeros((A.shape[1], len(self.classes_)))
        else:
            theta = self._theta()
        weights = self._weights(labels, codes, sample_weight)
        self._seen += float(weights.sum())
        objective = self._objective(A, codes, weights, self._seen)
        optimizer = (GradientDescent(0.1) if self.optimizer is None else self.optimizer).bind(objective)
        if self._slots is None:
            self._slots, self._steps = optimizer.init(theta), 0
        self._steps += 1
        with np.errstate(over="ignore", invalid="ignore"):
            stepped, slots = optimizer.step(theta, objective.gradient(theta), self._slots, self._steps)
            loss = objective.loss(stepped)
        if np.isfinite(loss):
            theta, self._slots = stepped, slots
        else:
            _warn(f"the numbers overflowed in step {self._steps}: the weights are those before it")
            loss = objective.loss(theta)
        self.loss_curve_.append(loss)
        self.n_iter_ = np.array([self._steps])
        return self._keep(theta)

    def decision_function(self, X: npt.ArrayLike) -> Float64Array:
        """Return the logits (n, K); for two classes the difference of the two, shape (n,)."""
        A, _ = self._checked(X, labelled=False)
        scores: Float64Array = A[:, :-1] @ self.coef_.T + self.intercept_
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_proba(self, X: npt.ArrayLike) -> Float64Array:
        """Return the probability of every class, shape (n, K), in the order of `classes_`."""
        P: Float64Array = softmax(self._logits(X)).astype(np.float64, copy=False)
        return P

    def predict_log_proba(self, X: npt.ArrayLike) -> Float64Array:
        """Return the logarithms of `predict_proba`, computed directly: no -inf where p underflows."""
        log_P: Float64Array = log_softmax(self._logits(X)).astype(np.float64, copy=False)
        return log_P

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the most probable label of every sample, the first one on a tie."""
        best = self._logits(X).argmax(axis=1)
        labels: npt.NDArray[Any] = self.classes_[best]
        return labels

    def score(self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> float:
        """Return the (weighted) share of right predictions."""
        weights: Any = sample_weight
        return float(np.average(self.predict(X) == np.asarray(y), weights=weights))

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return sorted(name for name in inspect.signature(cls).parameters)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name. `deep` changes nothing: no parameter has parameters."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name.

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        names = self._parameter_names()
        for name, value in params.items():
            if name not in names:
                raise ValueError(f"Invalid parameter {name!r} for estimator {self}; valid are {names}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        """Return a call with the parameters that differ from their defaults."""
        defaults = inspect.signature(type(self)).parameters
        changed = [
            f"{name}={getattr(self, name)!r}"
            for name in defaults
            if repr(getattr(self, name)) != repr(defaults[name].default)
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    def __sklearn_is_fitted__(self) -> bool:
        """Whether `fit` or `partial_fit` was called."""
        return hasattr(self, "classes_")

    def __sklearn_tags__(self) -> Any:
        """Describe the estimator to scikit-learn, which is the only caller and hence installed."""
        utils = importlib.import_module("sklearn.utils")
        return utils.Tags(
            estimator_type="classifier",
            target_tags=utils.TargetTags(required=True),
            classifier_tags=utils.ClassifierTags(),
            input_tags=utils.InputTags(),
        )

    def set_fit_request(self, *, sample_weight: bool | str | None = None) -> Self:
        """Say whether `fit` wants sample weights from scikit-learn's metadata routing.

        Parameters
        ----------
        sample_weight : bool, str or None
            True asks for them, False does without, a text is their name outside, None makes scikit-learn ask.
        """
        return self._request("fit", sample_weight)

    def set_partial_fit_request(
        self, *, classes: bool | str | None = None, sample_weight: bool | str | None = None
    ) -> Self:
        """Say what `partial_fit` wants from metadata routing, as `set_fit_request`."""
        return self._request("partial_fit", sample_weight)._request("partial_fit", classes, "classes")

    def set_score_request(self, *, sample_weight: bool | str | None = None) -> Self:
        """Say whether `score` wants sample weights from metadata routing, as `set_fit_request`."""
        return self._request("score", sample_weight)

    def get_metadata_routing(self) -> Any:
        """Return the requests as scikit-learn's ``MetadataRequest``."""
        # `clone` copies this attribute, by this name.
        requests = getattr(self, "_metadata_request", None)
        if requests is None:
            routing = importlib.import_module("sklearn.utils.metadata_routing")
            requests = routing.MetadataRequest(owner=type(self).__name__)
            for method, names in ROUTED.items():
                for name in names:
                    getattr(requests, method).add_request(param=name, alias=None)
        return requests

    def _request(self, method: str, wish: bool | str | None, name: str = "sample_weight") -> Self:
        self._metadata_request = self.get_metadata_routing()
        getattr(self._metadata_request, method).add_request(param=name, alias=wish)
        return self

    def _checked(
        self, X: npt.ArrayLike, y: npt.ArrayLike | None = None, *, first: bool = False, labelled: bool = True
    ) -> tuple[Float64Array, npt.NDArray[Any]]:
        """Return X with a column of ones (or zeros, without intercept), and the labels if wanted."""
        if not first and not hasattr(self, "classes_"):
            error = of_scikit_learn("NotFittedError", NotFittedError)
            raise error(f"this {type(self).__name__} is not fitted yet: call fit first")
        names = column_names(X)
        A = checked_matrix(X)
        if first:
            self.n_features_in_ = A.shape[1]
            vars(self).pop("feature_names_in_", None)
            if names is not None:
                self.feature_names_in_ = names
        elif A.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {A.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input"
            )
        elif names is not None and not np.array_equal(names, getattr(self, "feature_names_in_", names)):
            raise ValueError(
                "The feature names should match those that were passed during fit, "
                f"received {names.tolist()} after {self.feature_names_in_.tolist()}"
            )
        last = np.full((len(A), 1), 1.0 if self.fit_intercept else 0.0)
        return np.hstack([A, last]), checked_labels(y, len(A)) if labelled else np.empty(0)

    def _weights(
        self, labels: npt.NDArray[Any], codes: npt.NDArray[Any], sample_weight: npt.ArrayLike | None
    ) -> Float64Array:
        """Return sample weight times class weight, shape (n,)."""
        n = len(labels)
        weights = np.ones(n) if sample_weight is None else np.array(sample_weight, dtype=np.float64)
        if weights.ndim == 0:
            weights = np.full(n, float(weights))
        if weights.shape != (n,):
            raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(n,)}!")
        bad = ~((weights >= 0.0) & np.isfinite(weights))
        if bad.any():
            raise ValueError(f"sample_weight must be finite and at least 0, received {weights[bad][0]}")
        given = self.class_weight
        if given is None:
            return weights
        if isinstance(given, str):
            if given != "balanced":
                raise ValueError(f'class_weight must be None, "balanced" or a dict, received {given!r}')
            totals = np.bincount(codes, weights, minlength=len(self.classes_))
            present = totals > 0.0
            factors = np.ones(len(totals))
            factors[present] = weights.sum() / (np.count_nonzero(present) * totals[present])
        else:
            unknown = set(given) - set(self.classes_.tolist())
            if unknown:
                raise ValueError(f"class_weight must name classes, received {sorted(map(repr, unknown))}")
            factors = np.array([float(given.get(label, 1.0)) for label in self.classes_.tolist()])
            if not (np.isfinite(factors) & (factors >= 0.0)).all():
                raise ValueError(f"class_weight must be finite and at least 0, received {given!r}")
        product: Float64Array = weights * factors[codes]
        return product

    def _logits(self, X: npt.ArrayLike) -> Float64Array:
        scores = self.decision_function(X)
        return np.column_stack([np.zeros(len(scores)), scores]) if scores.ndim == 1 else scores

    def _objective(
        self, A: Float64Array, codes: npt.NDArray[Any], weights: Float64Array, total: float
    ) -> Objective:
        C = self.C if np.inf == self.C else finite_number("C", self.C, 0.0, above=True)
        if not total > 0.0:
            raise ValueError("a sample must have a weight above 0, received only zeros")
        K = len(self.classes_)
        l2 = (2.0 if K == 2 else 1.0) / (C * total)
        equal = bool((weights == weights[0]).all())
        shares = None if equal else shares_of(weights)
        return Objective(A, np.eye(K)[codes], codes, 0.0, shares, l2)

    def _keep(self, theta: Float64Array) -> SoftmaxRegression:
        """Store weights in scikit-learn's shapes."""
        W, b = theta[:-1].T, theta[-1]
        if len(self.classes_) == 2:
            W, b = W[1:] - W[:1], b[1:] - b[:1]
        self.coef_, self.intercept_ = np.ascontiguousarray(W), np.array(b)
        return self

    def _theta(self) -> Float64Array:
        """Return the weights in this package's shape, halved between two classes."""
        theta = np.vstack([self.coef_.T, self.intercept_])
        return np.hstack([-0.5 * theta, 0.5 * theta]) if len(self.classes_) == 2 else theta


def descend_by_epochs(
    objective: Objective, optimizer: Optimizer, batch_size: int | None, epochs: int, tol: float, seed: int
) -> tuple[Float64Array, list[float], Literal["tol", "max_iter", "diverged"]]:
    """Minimise an objective by an optimiser from zero weights.

    Ends after so many epochs, or when one changes the loss by less than `tol`. Returns theta (m + 1, K), the losses in
    nats before the first epoch and after each, and what ended it; after an overflow theta is the one before that epoch.

    Examples
    --------
    >>> from softmax_core.optimizers import GradientDescent
    >>> coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    >>> theta, losses, ended = descend_by_epochs(coins, GradientDescent(1.0), None, 1000, 1e-12, 0)
    >>> round(float(theta[0, 0] - theta[0, 1]), 4), len(losses) < 100, ended           # log 3
    (1.0986, True, 'tol')
    """
    size = objective.n if batch_size is None else whole_number("batch_size", batch_size, 1)
    whole = size >= objective.n
    gradient = FullBatch(objective) if whole else MiniBatches(objective, size, streams(seed).batches)
    theta = np.zeros((objective.A.shape[1], objective.n_classes))
    rule, slots, t = optimizer.bind(objective), optimizer.init(theta), 0
    losses = [objective.loss(theta)]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for _ in range(epochs):
            before = theta
            for _batch in range(-(-objective.n // size)):
                t += 1
                theta, slots = rule.step(theta, gradient(theta), slots, t)
            loss = objective.loss(theta)
            if not np.isfinite(loss):
                return before, losses, "diverged"
            losses.append(loss)
            if abs(losses[-2] - losses[-1]) < tol:
                return theta, losses, "tol"
    return theta, losses, "max_iter"


def _warn(message: str) -> None:
    """Warn of a fit that ended before its optimum, on the line that called `fit`."""
    warnings.warn(message, of_scikit_learn("ConvergenceWarning", ConvergenceWarning), stacklevel=3)
