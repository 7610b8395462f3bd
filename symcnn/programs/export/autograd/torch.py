"""A module of PyTorch: functions of torch.autograd, and a torch.nn.Module with the numbers."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Heaviside, Piecewise

from symcnn.equations.functions import Iverson
from symcnn.programs.backends.jax.library import Library
from symcnn.programs.backends.jax.operands import JaxPrinter
from symcnn.programs.backends.python.listing import RESERVED as RESERVED_BY_NUMPY
from symcnn.programs.export.autograd.module import Style
from symcnn.programs.export.autograd.passes import RESERVED
from symcnn.programs.export.autograd.torch_helpers import HELPERS, IMPORTS, NEEDS

_HELPED = {"maximum": "larger", "minimum": "smaller"}
"""Functions whose arguments may be numbers here, which PyTorch's may not."""


class _TorchPrinter(JaxPrinter):
    """Functions of PyTorch: numbers are Python's, so that results have the type of the arrays."""

    library = "torch"

    def _module_format(self, fqn: str, register: bool = True) -> str:
        name = fqn.rpartition(".")[2]
        if name in _HELPED:
            return _HELPED[name]
        return super()._module_format(fqn, register)

    def _print(self, expr: Expr, **options: Any) -> str:
        if getattr(expr, "is_number", False) and not expr.is_Rational and expr.is_real:
            return repr(float(expr))
        return super()._print(expr, **options)

    def _common(self, expr: Expr) -> str | None:
        if isinstance(expr, Iverson):
            truth = self._of_truths(expr, "&")
            return f"{truth}.to(dtype)" if len(expr.args) == 1 else f"({truth}).to(dtype)"
        if isinstance(expr, Heaviside):
            z, there = expr.args
            return self.call("step", f"{self._print(z)}, {self._print(there)}")
        text = super()._common(expr)
        return text and text.replace("torch.minimum(", "smaller(")

    def _print_Relational(self, expr: Expr) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"

    def _print_Not(self, expr: Expr) -> str:
        return f"~({self._print(expr.args[0])})"

    def _print_Piecewise(self, expr: Piecewise) -> str:
        text = 'float("nan")'
        for value, condition in reversed(expr.args):
            if condition == True:  # noqa: E712 - SymPy's own
                text = self._print(value)
            else:
                text = f"torch.where({self._print(condition)}, {self._print(value)}, {text})"
        return f"{text}.to(dtype)"


TORCH = Library(
    printer=_TorchPrinter,
    reserved=RESERVED_BY_NUMPY | HELPERS.keys() | IMPORTS.keys() | RESERVED | {"torch"},
    argument="",
    number="torch.full((), {}, dtype=dtype, device=device)",
    zeros="torch.zeros({}, dtype=dtype, device=device)",
    indices="indices({}, device)",
    count="torch.arange({}, device=device)",
    truth="({}).to(dtype)",
    one_truth="torch.full((), {}, dtype=dtype, device=device)",
    at_least_one="{}.clamp(min=1)",
    spreads=True,
    scans=True,
    spellings=(
        (".max(axis=())", ""),
        (".min(axis=())", ""),
        (".sum(axis=())", ""),
        (".max(axis=", ".amax(dim="),
        (".min(axis=", ".amin(dim="),
        (".sum(axis=", ".sum(dim="),
        (".transpose([", ".permute(["),
        ("jnp.pad(", "padded("),
        (", optimize=True)", ")"),
        ("jnp.", "torch."),
    ),
)


_FUNCTIONS = '''class _Function(torch.autograd.Function):
    """The result, and what the backward pass reads, which has no derivatives of its own."""

    generate_vmap_rule = True

    @staticmethod
    def forward({arguments}):
        return _forward({arguments})

    @staticmethod
    def setup_context(ctx, inputs, outputs):
        result, *kept = outputs
        ctx.mark_non_differentiable(*kept)
        ctx.save_for_backward(*inputs, {result}*kept)

    @staticmethod
    def backward(ctx, upstream, *_):
        {slopes} = _Gradients.apply(upstream, *ctx.saved_tensors)
        return {returned}


class _Gradients(torch.autograd.Function):
    """The gradients with respect to the arguments; their derivatives are those of second order."""

    generate_vmap_rule = True

    @staticmethod
    def forward({saved}):
        return _backward({saved})

    @staticmethod
    def setup_context(ctx, inputs, outputs):
        ctx.save_for_backward(*inputs[:{count}])

    @staticmethod
    def backward(ctx, *directions):
        {bends} = _second(*ctx.saved_tensors, *directions)
        return {bends_returned}


def {function}({arguments}):
    """Return {what}."""
{checks}
    return _Function.apply({arguments})[0]'''

_CLASS = '''class Layer(torch.nn.Module):
    """{what_of_class} with parameters, which begin with the numbers of the problem."""

    def __init__(self, dtype=None, device=None):
        super().__init__()
{parameters}

    def forward(self, {others}):
        return {function}({passed})'''

_NUMBERS = "        {name} = torch.tensor(NUMBERS[{name!r}], dtype=dtype, device=device)\n"
_PARAMETER = _NUMBERS + "        self.{name} = torch.nn.Parameter({name}.reshape({shape}))"
_BUFFER = _NUMBERS + "        self.register_buffer({name!r}, {name}.reshape({shape}))"

STYLE = Style(
    library=TORCH,
    called="PyTorch",
    imports=("import torch",),
    helpers=HELPERS,
    needs=NEEDS,
    imported=IMPORTS,
    type_of="{}.dtype",
    float64="torch.float64",
    own="{}.clone()",
    functions=_FUNCTIONS,
    holder=_CLASS,
    parameter=_PARAMETER,
    constant=_BUFFER,
)
"""How its modules are written."""
