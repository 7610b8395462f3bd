"""Recurrences with a number of steps: every step has tensors of its own.

So state[t, k] <- f(state[t - 1, j]) becomes state[2][k] <- f(state[1][j]), and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from symcnn import limits
from symcnn.equations import Equation, Tensor, grouped, recurring, step_by_step, without_empty
from symcnn.equations.notation import letter_of, numbered
from symcnn.equations.sizes import is_symbolic
from symcnn.errors import SymcnnError, TooLargeError

_STEP = "[{}]"
"""How the tensor of a step is named, behind the name of the whole: no layer names one so."""

_ALL = "{}[:]"
"""How that of all steps is named: the derivative with respect to it is not through later steps."""

Tensors = Mapping[str, Tensor]


def whole_of(key: str) -> str:
    """Return the name of what a step is of, state of state[2]; that of anything else."""
    return key.partition("[")[0]


def in_steps(
    equations: tuple[Equation, ...], made: Tensors, spare: Callable[[Iterable[str]], str]
) -> tuple[tuple[Equation, ...], Tensors]:
    """Write the recurrences of a layer out, unless a letter says how many steps there are.

    Args:
        equations: The equations of the layer, for one sample.
        made: Its intermediate tensors, for one sample, by its names for them.
        spare: Returns the first free one of some labels.

    Returns:
        The equations, and the intermediate tensors that they have: those of steps, and of wholes
        those that something else reads.
    """
    if not recurring(equations):
        return equations, made
    equations = without_empty(equations)  # of a single step, nothing reads another
    by_base = {tensor.base: key for key, tensor in made.items()}
    kept, steps = {**made}, dict[str, Tensor]()
    for one in recurring(equations):
        if not by_base.keys() >= {*one.order}:
            raise SymcnnError(
                "the output is computed from its own entries step by step: compute an auxiliary "
                "so, and the output from it"
            )
        if any(is_symbolic(base.shape[one.axis]) for base in one.order):
            continue
        of = {base: [*_steps(made[by_base[base]], one.axis, spare)] for base in one.order}
        steps |= {t.name.rpartition(".")[2]: t for every in of.values() for t in every}
        equations = step_by_step(one, equations, of)
        wholes = {by_base[base]: kept.pop(by_base[base]) for base in one.order}
        left = {equation.target.base for equation in equations}
        kept |= {_ALL.format(key): _all(t) for key, t in wholes.items() if t.base in left}
    order = {base: n for n, (base, _) in enumerate(grouped(equations))}
    # what no term is left for comes first
    every = sorted({**kept, **steps}.items(), key=lambda one: order.get(one[1].base, -1))
    return equations, dict(every)


def _all(whole: Tensor) -> Tensor:
    """Return the tensor of all steps, for what reads them at once."""
    called = whole.noun or whole.name.rpartition(".")[2].replace("_", " ")
    return replace(whole, name=_ALL.format(whole.name), noun=f"{called} at all steps")


def _steps(whole: Tensor, axis: int, spare: Callable[[Iterable[str]], str]) -> Iterator[Tensor]:
    """Run over the tensors of the steps of one that is computed step by step."""
    number = int(whole.shape[axis])
    if number > limits.NETWORK_LAYERS:
        raise TooLargeError(
            f"{whole.name} is computed in {number:,} steps, more than the "
            f"{limits.NETWORK_LAYERS:,} that are written out: use fewer steps"
        )
    shape = (*whole.shape[:axis], *whole.shape[axis + 1 :])
    axes = (*whole.axes[:axis], *whole.axes[axis + 1 :])
    one = replace(whole, shape=shape or (1,), axes=axes or whole.axes)
    called = whole.noun or whole.name.rpartition(".")[2].replace("_", " ")
    for n in range(1, number + 1):
        name, label = f"{whole.name}{_STEP.format(n)}", spare(_labels(whole.label, n))
        yield replace(one, name=name, label=label, noun=f"{called} at step {n}")


def _labels(whole: str, step: int) -> Iterator[str]:
    """Run over what a step may be called: h^[2], or else the next h^(3) that is free."""
    if "^" not in whole:
        yield f"{whole}^[{step}]"
    yield from numbered(letter_of(whole))
