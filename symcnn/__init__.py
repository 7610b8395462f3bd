"""symcnn: the gradients of a convolutional network, on paper and in numbers.

SymPy builds the network as indexed equations, which are closed under
differentiation: the closed-form partial derivative for every weight, its LaTeX and
its NumPy code come from the same objects. SymPy is loaded at the first use of a name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcnn import examples as examples
    from symcnn.derivation import Derivation, derive
    from symcnn.equations import (
        Equation,
        LogSumExp,
        Max,
        Mean,
        Sum,
        Tensor,
        define,
    )
    from symcnn.errors import SymcnnError, TooLargeError
    from symcnn.evaluation import ExactEvaluation
    from symcnn.evaluation.evaluate import evaluate
    from symcnn.explanation.explain import explain
    from symcnn.functions import Iverson, maximum, relu, sigmoid
    from symcnn.layers import (
        ELU,
        GELU,
        Activation,
        Add,
        Auxiliary,
        AvgPool1D,
        AvgPool2D,
        BatchNorm,
        Concatenate,
        Conv1D,
        Conv2D,
        ConvTranspose2D,
        Dense,
        Flatten,
        GlobalAvgPool2D,
        Layer,
        LeakyReLU,
        LogSoftmax,
        MaxPool1D,
        MaxPool2D,
        Parameter,
        ReLU,
        Sigmoid,
        SiLU,
        Softmax,
        Softplus,
        Tanh,
        Window,
    )
    from symcnn.losses import (
        BinaryCrossEntropy,
        CrossEntropy,
        HalfSquaredError,
        Loss,
        MeanSquaredError,
        SoftmaxCrossEntropy,
        SquaredError,
        SumOfOutputs,
        Upstream,
    )
    from symcnn.network import Network
    from symcnn.notation import index
    from symcnn.problems import Problem
    from symcnn.problems.load import load
    from symcnn.programs import (
        Evaluation,
        HessianVectorProduct,
        Program,
        hessian_vector_product,
        scalar_text,
    )
    from symcnn.programs.gradcheck import gradcheck
    from symcnn.programs.lambdify import lambdify
    from symcnn.training import Training, train

_HOMES = {
    "derivation": (
        "Derivation",
        "derive",
    ),
    "equations": (
        "Equation",
        "LogSumExp",
        "Max",
        "Mean",
        "Sum",
        "Tensor",
        "define",
    ),
    "errors": (
        "SymcnnError",
        "TooLargeError",
    ),
    "evaluation": ("ExactEvaluation", "evaluate"),
    "explanation": ("explain",),
    "functions": (
        "Iverson",
        "maximum",
        "relu",
        "sigmoid",
    ),
    "layers": (
        "ELU",
        "GELU",
        "Activation",
        "Add",
        "Auxiliary",
        "AvgPool1D",
        "AvgPool2D",
        "BatchNorm",
        "Concatenate",
        "Conv1D",
        "Conv2D",
        "ConvTranspose2D",
        "Dense",
        "Flatten",
        "GlobalAvgPool2D",
        "Layer",
        "LeakyReLU",
        "LogSoftmax",
        "MaxPool1D",
        "MaxPool2D",
        "Parameter",
        "ReLU",
        "SiLU",
        "Sigmoid",
        "Softmax",
        "Softplus",
        "Tanh",
        "Window",
    ),
    "losses": (
        "BinaryCrossEntropy",
        "CrossEntropy",
        "HalfSquaredError",
        "Loss",
        "MeanSquaredError",
        "SoftmaxCrossEntropy",
        "SquaredError",
        "SumOfOutputs",
        "Upstream",
    ),
    "network": ("Network",),
    "notation": ("index",),
    "programs": (
        "Evaluation",
        "HessianVectorProduct",
        "Program",
        "gradcheck",
        "hessian_vector_product",
        "lambdify",
        "scalar_text",
    ),
    "problems": (
        "Problem",
        "load",
    ),
    "training": ("Training", "train"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = [
    "ELU",
    "GELU",
    "Activation",
    "Add",
    "Auxiliary",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNorm",
    "BinaryCrossEntropy",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "ConvTranspose2D",
    "CrossEntropy",
    "Dense",
    "Derivation",
    "Equation",
    "Evaluation",
    "ExactEvaluation",
    "Flatten",
    "GlobalAvgPool2D",
    "HalfSquaredError",
    "HessianVectorProduct",
    "Iverson",
    "Layer",
    "LeakyReLU",
    "LogSoftmax",
    "LogSumExp",
    "Loss",
    "Max",
    "MaxPool1D",
    "MaxPool2D",
    "Mean",
    "MeanSquaredError",
    "Network",
    "Parameter",
    "Problem",
    "Program",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Softplus",
    "SquaredError",
    "Sum",
    "SumOfOutputs",
    "SymcnnError",
    "Tanh",
    "Tensor",
    "TooLargeError",
    "Training",
    "Upstream",
    "Window",
    "define",
    "derive",
    "evaluate",
    "examples",
    "explain",
    "gradcheck",
    "hessian_vector_product",
    "index",
    "lambdify",
    "load",
    "maximum",
    "relu",
    "scalar_text",
    "sigmoid",
    "train",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first used."""
    if name == "examples":
        return import_module("symcnn.examples")
    if name in _HOME:
        value = getattr(import_module(f"symcnn.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'symcnn' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*globals(), *__all__])
