"""What every scikit-learn estimator can do: parameters by name, checked input, tags."""

from __future__ import annotations

import importlib
import inspect
import sys
import warnings
from collections.abc import Mapping
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array

E = TypeVar("E", bound=Exception)
ROUTED = {"fit": ("sample_weight",), "partial_fit": ("sample_weight", "classes"), "score": ("sample_weight",)}


class NotFittedError(ValueError, AttributeError):
    """A prediction was asked of a model that has learnt nothing yet."""


class ConvergenceWarning(UserWarning):
    """A fit ended before its optimum."""


class EstimatorBase:
    """Parameters and input checks of a classifier.

    A subclass stores the arguments of its ``__init__`` unchanged under their own names; what `fit`
    learns ends in an underscore.
    """

    _estimator_type = "classifier"

    classes_: npt.NDArray[Any]
    n_features_in_: int
    fit_intercept: bool
    class_weight: str | Mapping[Any, float] | None

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
        told = [
            f"{name}={getattr(self, name)!r}"
            for name in defaults
            if repr(getattr(self, name)) != repr(defaults[name].default)
        ]
        return f"{type(self).__name__}({', '.join(told)})"

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
        names = _column_names(X)
        A = _matrix(X)
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


def of_scikit_learn(name: str, otherwise: type[E]) -> type[E]:
    """Return scikit-learn's own class where scikit-learn is loaded, so that its users can catch it."""
    module = sys.modules.get("sklearn.exceptions")
    found: type[E] = getattr(module, name, otherwise)
    return found


def _matrix(X: npt.ArrayLike) -> Float64Array:
    """Return X as finite float64 (n, d) with n, d >= 1, in the words that scikit-learn uses."""
    if hasattr(X, "toarray") and not isinstance(X, np.ndarray):
        raise TypeError("Sparse data was passed for X, but dense data is required; use X.toarray()")
    array = np.asarray(X)
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported, received dtype {array.dtype}")
    if array.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {array.ndim}D array instead. Reshape your data: X.reshape(-1, 1) for a "
            "single feature, X.reshape(1, -1) for a single sample."
        )
    if 0 in array.shape:
        what = "sample" if array.shape[0] == 0 else "feature"
        raise ValueError(
            f"Found array with 0 {what}(s) (shape={array.shape}) while a minimum of 1 is required."
        )
    if array.dtype.kind == "O" and any(_is_missing(value) for value in array.flat):
        raise ValueError("Input X contains NaN: a number is missing")
    A: Float64Array = array.astype(np.float64)
    if not np.isfinite(A).all():
        found = A[~np.isfinite(A)][0]
        what = "NaN" if np.isnan(found) else "infinity"
        raise ValueError(f"Input X contains {what}: it must be finite, received {found}")
    return A


def _is_missing(value: object) -> bool:
    """Whether a value stands for none: None, NaN, NaT or pandas' NA, which differ from themselves or refuse to say."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return True


def sorted_labels(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return every label once, in order.

    Raises
    ------
    ValueError
        If labels cannot be compared, such as numbers and text.
    """
    try:
        return np.unique(labels)
    except TypeError:
        kinds = sorted({type(label).__name__ for label in labels.tolist()})
        raise ValueError(f"labels must be all numbers or all text, received {' and '.join(kinds)}") from None


def checked_labels(y: npt.ArrayLike | None, n: int | None = None) -> npt.NDArray[Any]:
    """Return labels (n,) after checking that they are discrete and none is missing."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None")
    labels = np.asarray(y)
    if labels.dtype.kind == "c":
        raise ValueError(f"Complex data not supported, received dtype {labels.dtype}")
    if labels.ndim == 2 and labels.shape[1] == 1:
        message = "A column-vector y was passed when a 1d array was expected; use y.ravel()."
        warnings.warn(message, of_scikit_learn("DataConversionWarning", UserWarning), stacklevel=4)
        labels = labels.ravel()
    if labels.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {labels.shape} instead.")
    if n is not None and len(labels) != n:
        raise ValueError(f"X and y must have as many samples, received {n} and {len(labels)}")
    # In an array of text NumPy has written out what is missing: "nan".
    values = (
        np.asarray(y, dtype=object).ravel()
        if labels.dtype.kind in "OUS" and not hasattr(y, "dtype")
        else labels
    )
    is_missing = np.isnat(values) if values.dtype.kind in "mM" else np.array([False])
    if is_missing.any() or (values.dtype.kind == "O" and any(_is_missing(value) for value in values)):
        raise ValueError("Input y contains NaN: every sample needs a label, received one without")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError("Input y contains NaN or infinity: labels must be finite")
        if (labels != np.floor(labels)).any():
            fraction = labels[labels != np.floor(labels)][0]
            raise ValueError(f"Unknown label type: continuous, received {fraction}; labels are classes")
    return labels


def _column_names(X: npt.ArrayLike) -> npt.NDArray[Any] | None:
    """Return the names of the columns of a data frame, if all are text."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    return np.array(names, dtype=object) if all(isinstance(name, str) for name in names) else None
