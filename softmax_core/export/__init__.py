"""Runs as scripts to take away: in NumPy alone (also as a notebook), with scikit-learn, with PyTorch."""

from __future__ import annotations

from softmax_core.export.notebook import notebook
from softmax_core.export.numpy_script import numpy_script
from softmax_core.export.parts import NoTemplateError
from softmax_core.export.sklearn_script import OneClassError, sklearn_script
from softmax_core.export.torch_script import torch_script

__all__ = ["NoTemplateError", "OneClassError", "notebook", "numpy_script", "sklearn_script", "torch_script"]
