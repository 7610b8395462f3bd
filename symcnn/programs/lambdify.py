"""From a derivation to its program, and how this was made: others are made for other samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from symcnn.derivation import Derivation
from symcnn.errors import SymcnnError, expect
from symcnn.limits.garbage import collected_rarely
from symcnn.network.network import Network
from symcnn.programs.cluster.separable import penalty_plan, without_penalty
from symcnn.programs.factors import factored
from symcnn.programs.plans.plan import Results, plan_of, short_plan
from symcnn.programs.program import Program, program_in_blocks, program_of
from symcnn.programs.threads import Block, is_divided

if TYPE_CHECKING:
    import numpy.typing as npt  # it takes a while to import, and names a type alone


@collected_rarely()
def lambdify(
    derivation: Derivation,
    backend: str = "auto",
    *,
    dtype: npt.DTypeLike = "float64",
    results: Results = "all",
    threads: int = 1,
    block: int | None = None,
) -> Program:
    """Compile a derivation to a program for NumPy or JAX.

    Args:
        derivation: The result of ``derive(network)``.
        backend: "scalar" writes one statement per entry, which is fastest for a
            few numbers; "array" one per equation; "auto" chooses between the two by
            size. "native" is "array" with all but the matrix products compiled: it
            runs the C compiler ``cc`` and keeps the library in the user's cache folder; without
            a compiler it warns, and NumPy computes alone. Sums are added in another order; all
            else is rounded as NumPy rounds it. "jax" takes and returns JAX arrays, including the
            loss: the function is compiled and runs where the arrays are, on an accelerator or on
            many devices.
        dtype: The floating-point type, float64 or float32. The scalar backend computes with
            Python floats and converts the results.
        results: "all" returns every layer's output and every gradient; "training" the last
            layer's output and the gradients with respect to the parameters. The program for
            training leaves out what these do not need, and is faster: it computes no gradient
            with respect to the input, and applies an increasing function after a maximum
            rather than before it. "outputs" returns every layer's output alone: it takes no
            target, and the loss of its evaluations is no number.
        threads: How many threads of NumPy's divide the samples of a batch, L = sum over their
            samples: for large networks, with results="training". They need threadpoolctl
            (``pip install "symcnn[threads]"``), and a loss that is a sum or a mean over samples.
        block: How many samples a thread computes at once, at most, which bounds the memory of a
            large batch; by default all that it has.

    Raises:
        SymcnnError: If an argument is invalid, or what is asked for is not installed.
    """
    expect(derivation, Derivation, "the derivation", "give derive(network) or problem.derivation")
    kind = _checked_dtype(dtype)
    if results not in ("all", "training", "outputs"):
        raise SymcnnError(
            f'results = {results!r} is unknown: choose "all", "training" or "outputs"'
        )
    divides = is_divided(derivation.network, threads, block)
    if divides and (backend == "jax" or results != "training"):
        raise SymcnnError(
            'threads and block apply to programs of NumPy with results="training": give that, '
            "or leave them out"
        )
    recipe = Recipe(derivation.network, backend, kind)
    if divides:
        return program_in_blocks(derivation, backend, kind, recipe, threads, block)
    plan = plan_of(derivation, results)
    return program_of(plan, backend, kind, recipe)


def _checked_dtype(dtype: npt.DTypeLike) -> str:
    name = np.dtype(dtype).name
    if name not in ("float64", "float32"):
        raise SymcnnError(f'dtype = {dtype!r} is unknown: choose "float64" or "float32"')
    return name


@dataclass(frozen=True)
class Recipe:
    """How a program was made."""

    network: Network
    backend: str
    dtype: str

    def of_samples(self, samples: int) -> Program:
        """Return the program for training with so many samples, without the penalty."""
        recipe = Recipe(without_penalty(self.network, samples), self.backend, self.dtype)
        return program_of(short_plan(recipe.network), self.backend, self.dtype, recipe)

    def of_block(self, samples: int, every: int) -> Block:
        """Return the program for some of all the samples, and how gradients are made of it."""
        recipe = Recipe(without_penalty(self.network, samples), self.backend, self.dtype)
        made = factored(short_plan(recipe.network), every)
        return Block(program_of(made.plan, self.backend, self.dtype, recipe), made)

    def of_penalty(self) -> Program:
        """Return the program of the penalty, a function of the parameters alone."""
        return program_of(penalty_plan(self.network), "auto", self.dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what the network is made of: what follows from it is made again."""
        made_of = {field.name: getattr(self.network, field.name) for field in fields(Network)}
        return _recipe, (made_of, self.backend, self.dtype)


def _recipe(made_of: Mapping[str, Any], backend: str, dtype: str) -> Recipe:
    return Recipe(Network(**made_of), backend, dtype)
