"""symcnn: the gradients of a convolutional network, on paper and in numbers.

SymPy builds the network as indexed equations, which are closed under
differentiation: the closed-form partial derivative with respect to every weight, its LaTeX
and its NumPy code come from the same objects. SymPy is loaded at the first use of a name.

A network and its numbers
    Network, Problem, load and save (problem files), examples (the built-in problem)
    from_torch, from_pt2, from_onnx: networks of PyTorch and ONNX, compared with their source
    Summary: the layers of a network in a table, network.summary()
    ImportReport: what that comparison found
    CopiedWarning: of a weight of the source that is several weights of the network
    with_safetensors: the weights of a file for a network that is there
    to_torch, to_onnx: the weights back in a module of PyTorch or a model of ONNX
Layers
    Conv1D, Conv2D, Conv3D, ConvTranspose1D, ConvTranspose2D, ConvTranspose3D, Dense,
    Flatten, Reshape, Transpose, Slice, Pad, Upsample2D, PixelShuffle, ChannelShuffle,
    ReduceSum, ReduceMean, ReduceMax, ReduceProd, ReduceLogSumExp, Elementwise, Scale,
    AddParameter, MultiplyParameter, MaxPool1D, MaxPool2D,
    MaxPool3D, AvgPool1D, AvgPool2D, AvgPool3D, LPPool2D, GlobalAvgPool2D, GlobalMaxPool2D,
    AdaptiveAvgPool2D, BatchNorm, LayerNorm, RMSNorm, GroupNorm, InstanceNorm,
    LocalResponseNorm, Dropout, RNN, LSTM, GRU, Embedding, Input, Gather, ScatterAdd, CumSum,
    Sigmoid, Tanh, ReLU, ReLU6, LeakyReLU, PReLU, Clip, ELU, Softplus, SiLU, Mish, GELU,
    HardSigmoid, HardSwish, Softmax, LogSoftmax, Add, Subtract, Multiply, Divide, Concatenate,
    MatMul, Einsum, Attention, MaxUnpool2D
Losses
    HalfSquaredError, SquaredError, MeanSquaredError, BinaryCrossEntropy, CrossEntropy,
    SoftmaxCrossEntropy, KLDivergence, Focal, Huber, Hinge, Dice, SumOfOutputs, Upstream
Sizes that are letters
    size: H in place of 28, so that one derivation holds for all sizes
    real: alpha in place of 0.01, so that it holds for all settings too
    at_sizes: numbers in place of the letters of a formula
    theorem: what a layer computes, and its derivatives, with a proof and no numbers
    theorem_for_paper: the same as LaTeX to be pasted into a paper
What follows from them
    derive -> Derivation: the derivatives, as SymPy expressions
    explain: the derivation as a checked document
    macros: its formulas as commands of LaTeX, for a paper
    figure -> Figure: one of its pictures, as SVG, TikZ, PDF or PNG
    evaluate -> Evaluation, ExactEvaluation: the numbers of one problem
    lambdify -> Program: the numbers of many, quickly
    NotCompiledWarning: of a program that NumPy alone computes, as there is no compiler
    to_autograd: the output or the loss as a function of PyTorch or JAX, with a custom gradient
    to_c: the loss and its gradients as a source and a header in C99
    hessian_vector_product, HessianVectorProduct, hessian_block: second derivatives
    gradcheck: every derivative beside one from the forward pass alone
    part -> Part: some layers of a large network, as a problem of their own
    train -> Training: gradient descent, by the equations of an Optimizer: SGD, Adam, AdamW,
        RMSprop, Adagrad
    flat: the loss and its gradient as functions of one vector, for optimizers of others
    mark -> Marking: the figures of somebody else, with errors carried forward; a problem's
        answers=Accuracy(digits=4) says how exact they have to be
    mark_class -> ClassMarking: those of a class, one row a student
    report: what was marked, as a document
    check_backward, check_forward, check_gradients -> Verdict: somebody's code, judged; a Verdict
        has a Finding for each array, each with the smallest Case that shows a mistake
    check_formula -> Verdict: somebody's formula for a derivative, with the edit that mends it
    interactive_page -> Page: a page on which every given number can be changed
    practice_page: a page whose boxes are marked as they are filled in
    spreadsheet -> Spreadsheet: a workbook with a cell and a formula for each entry
    worksheet -> Worksheet: a network with friendly numbers, as sheets, keys and questions
    scalar_text: every weight's derivative as a line of text that runs
    vectors -> Vectors: small exact cases of a layer, for tests in any language
    testing: assert_backward and its like for tests, and verdicts for graders
Layers of your own
    Layer, Loss, Activation, Parameter, Given, Auxiliary, Window: what a class declares
    Meaning, When, Once: what documents say of it, in your words
    Equation, define, index, Tensor, Sum, Mean, Product, Max, LogSumExp: what it returns
    positions, OWN_SAMPLE, OTHER_SAMPLE: the numbers of positions and of samples
    sigmoid, relu, maximum, Iverson: functions that equations may hold
    uncancelled: an entry that SymPy does not cancel, so that x / x has no value at x = 0
Errors and limits
    SymcnnError, TooLargeError, limits

``help(symcnn.Conv2D)``, or of any other name, opens with its mathematics.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from symcnn._public import *  # noqa: F403 - what _load finds

__version__ = "0.1.0"


@cache
def _named() -> dict[str, str]:
    """Return the names that are public, and the modules where they are."""
    from pathlib import Path

    return _homes(Path(__file__).with_name("_public.py"))


def _homes(file: Path) -> dict[str, str]:
    """Read from the imports of a file which names it has, and from which modules."""
    import ast
    from pathlib import Path

    homes: dict[str, str] = {}
    for line in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.ImportFrom) and (module := line.module or ""):
            names = [name.name for name in line.names]
            package = Path(__file__).parents[1].joinpath(*module.split("."), "__init__.py")
            homes |= _homes(package) if names == ["*"] else dict.fromkeys(names, module)
    return homes


def _load(name: str) -> Any:
    """Load a public name from its home when it is first used."""
    from importlib import import_module

    homes = _named()
    if name == "setup":  # Sphinx asks its extensions for it
        return import_module("symcnn.cli.sphinx").setup
    if name == "__all__":
        return sorted(homes)
    if name not in homes:
        alike = [known for known in homes if known.lower() == name.replace("_", "").lower()]
        hint = f": did you mean {' or '.join(sorted(alike))}?" if alike else ""
        raise AttributeError(f"module 'symcnn' has no attribute {name!r}{hint}")
    home = import_module(homes[name])
    if name not in vars(home):  # a module: examples, limits
        import_module(f"{homes[name]}.{name}")
    value = globals()[name] = getattr(home, name)
    return value


if not TYPE_CHECKING:  # a checker, which knows the names, refuses others
    __getattr__ = _load


def __dir__() -> list[str]:
    """List what is public, and nothing that this file happens to import."""
    return sorted({*_named(), *(name for name in globals() if name.startswith("__"))})
