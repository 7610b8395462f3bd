"""A module of PyTorch: functions of torch.autograd, and a torch.nn.Module with the numbers."""

from __future__ import annotations

from symcnn.programs.export.autograd.module import Style
from symcnn.programs.export.autograd.torch_helpers import HELPERS, IMPORTS, NEEDS
from symcnn.programs.export.autograd.torch_library import TORCH

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
