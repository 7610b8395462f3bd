"""A program: the derivation as Python source, compiled, numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from threading import local
from types import CodeType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symcnn import limits
from symcnn.backends.python.listing import FUNCTION, ON_FLOATS, Listing, module_text
from symcnn.backends.scalar import straight_line
from symcnn.derivation import Derivation, derive
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.network import Network
from symcnn.plans.plan import Plan, Results, plan_of
from symcnn.programs.operations import Operations, operations
from symcnn.values import Values, required
from symcnn.values.evaluation import Array, Evaluation
from symcnn.values.floats import float_arrays

if TYPE_CHECKING:
    import numpy.typing as npt  # it takes a while to import, and names a type alone

Backend = Literal["auto", "scalar", "array"]


@dataclass(frozen=True)
class Program:
    """The loss, all outputs and all gradients as a function of the numbers.

    Attributes:
        listing: The statements.
        given: The tensors that need numbers, in the order of the arguments.
        dtype: The type of the numbers, "float64" or "float32".
        recipe: How it was made.
    """

    listing: Listing
    given: tuple[Tensor, ...]
    dtype: str = "float64"
    recipe: Recipe | None = None

    def __call__(self, values: Values) -> Evaluation:
        """Evaluate at numbers by the tensors' names: "x", "target", the parameters.

        Args:
            values: Nested lists, flat row-major lists or arrays.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
        """
        outputs: dict[str, Array] = {}
        arguments = float_arrays(values, self.given, self.dtype)
        loss, gradients = self.function(*arguments, outputs=outputs)
        return Evaluation(loss, outputs, gradients)

    def map_batches(self, values: Values, client: Any = None) -> Evaluation:
        """Evaluate over many samples, chunk by chunk, with Dask: on a cluster if there is one.

        L = share(N) * sum over chunks k of L_k/share(n_k), with share(n) = 1/n for a mean over
        samples and 1 for a sum; a penalty is added once. A chunk may have any number of
        samples, whatever the network's batch.

        Args:
            values: Numbers for the parameters; for "x" and "target" Dask arrays with chunks
                along the first axis, arrays, or iterables of chunks, taken a few at a time.
            client: A ``dask.distributed`` client; by default Dask's current scheduler.

        Returns:
            The loss, and the gradients by the parameters; no outputs.

        Raises:
            SymcnnError: If Dask is missing, a name or a shape is wrong, or the samples of a
                batch take part in each other's results.
        """
        from symcnn.cluster.batches import map_batches

        assert self.recipe is not None, "lambdify says how a program was made"
        return map_batches(self.recipe, values, client)

    @cached_property
    def source(self) -> str:
        """The text of a module that needs NumPy alone and holds the function."""
        return module_text(self.listing, self.dtype)

    @property
    def operations(self) -> Operations:
        """How many operations the forward pass and the gradients take."""
        return operations(self.listing)

    @property
    def function(self) -> Callable[..., tuple[float, dict[str, Array]]]:
        """The bare function: arrays in the order of ``given`` in, loss and gradients out.

        It checks nothing. Every thread has its own, because arrays are used again.
        """
        if not hasattr(self._of_thread, "function"):
            self._of_thread.function = self._run()[FUNCTION]
        return self._of_thread.function  # type: ignore[no-any-return]

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, tuple[float, ...], tuple[float, ...]]]:
        """The function of single floats: every number given in, loss, gradients, outputs out.

        Numbers stand in the order of ``given``, each tensor's in row-major order; gradients
        and outputs are a tuple of floats each, one tensor behind the other in the order of
        an ``Evaluation``. For tiny networks it is several times as fast as arrays.

        Raises:
            SymcnnError: If this is a program of arrays.

        >>> import symcnn as sc
        >>> net = sc.Network((2,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
        >>> f = sc.lambdify(sc.derive(net), "scalar", results="training")
        >>> [tensor.name for tensor in f.given]
        ['x', 'dense1.weight', 'target']
        >>> f.on_floats(1.0, 2.0, 0.5, 0.25, 2.0)
        (0.5, (-1.0, -2.0), (1.0,))
        """
        if not self.listing.numbers:
            raise SymcnnError('this program computes with arrays: use backend="scalar"')
        return self._run()[ON_FLOATS]  # type: ignore[no-any-return]

    def _run(self) -> dict[str, Any]:
        """Run the module once more; return the names in it."""
        namespace: dict[str, Any] = {}
        exec(self._compiled, namespace)
        return namespace

    @cached_property
    def _compiled(self) -> CodeType:
        return compile(self.source, "<symcnn>", "exec")

    @cached_property
    def _of_thread(self) -> local:
        return local()


@dataclass(frozen=True)
class Recipe:
    """How a program was made, to make one for other numbers of samples.

    Attributes:
        network: What is differentiated.
        backend: What writes the program.
        dtype: The type of its numbers.
    """

    network: Network
    backend: Backend | Literal["jax"]
    dtype: str

    def of_samples(self, samples: int) -> Program:
        """Return the program for training with so many samples, without the penalty."""
        from symcnn.cluster.samples import without_penalty

        derivation = derive(without_penalty(self.network, samples))
        return lambdify(derivation, self.backend, dtype=self.dtype, results="training")

    def of_penalty(self) -> Program:
        """Return the program of the penalty, a function of the parameters alone."""
        from symcnn.cluster.samples import penalty_plan

        plan = penalty_plan(self.network)
        return Program(listed(plan, "auto", self.dtype), plan.given, self.dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what the network is made of: what follows from it is made again."""
        made_of = {field.name: getattr(self.network, field.name) for field in fields(Network)}
        return _recipe, (made_of, self.backend, self.dtype)


def _recipe(made_of: Mapping[str, Any], backend: Backend | Literal["jax"], dtype: str) -> Recipe:
    return Recipe(Network(**made_of), backend, dtype)


@dataclass(frozen=True)
class JaxProgram(Program):
    """The loss, all outputs and all gradients as a compiled function of JAX arrays.

    It runs where its arguments are: on the processor, on an accelerator, or on many
    devices at once where they are sharded. Results are JAX arrays, the loss too, and stay
    there until ``float`` or ``numpy.asarray`` asks for them.
    """

    def __call__(self, values: Values) -> Evaluation:
        """Evaluate at numbers by the tensors' names: "x", "target", the parameters.

        Args:
            values: JAX arrays, which stay where they are and are not searched for what is
                not finite, or what every program takes.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
        """
        from symcnn.backends.jax.run import jax_argument

        required(values, self.given)
        arguments = [jax_argument(values[t.name], t, self.dtype) for t in self.given]
        return Evaluation(*self._with_outputs(*arguments))

    @cached_property
    def source(self) -> str:
        """The text of a module that imports JAX alone and holds the one function."""
        from symcnn.backends.jax.module import module_text

        return module_text(self.listing, self.dtype)

    @cached_property
    def function(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """The bare function, compiled: arrays in the order of ``given`` in, JAX arrays out."""
        from symcnn.backends.jax.run import compiled

        return compiled(self.source, self.dtype)

    @cached_property
    def _with_outputs(self) -> Callable[..., tuple[Any, dict[str, Any], dict[str, Any]]]:
        from symcnn.backends.jax.run import compiled_with_outputs

        return compiled_with_outputs(self.source, self.dtype)


def lambdify(
    derivation: Derivation,
    backend: Backend | Literal["jax"] = "auto",
    *,
    dtype: npt.DTypeLike = "float64",
    results: Results = "all",
) -> Program:
    """Turn a derivation into a program of NumPy, or of JAX.

    Args:
        derivation: What ``derive(network)`` returned.
        backend: "scalar" writes one statement for each entry, the fastest for a
            handful of numbers; "array" one for each equation; "auto" chooses by size of
            these two. "jax" takes and returns JAX arrays, compiled for their devices.
        dtype: The type of the numbers, float64 or float32. The scalar backend computes in
            Python's floats whatever it hands out.
        results: "all" hands out every layer's output and every gradient; "training" the
            last layer's output and the gradients by the parameters. The program for
            training leaves out what these do not need, and is faster: no gradient by the
            input, and an increasing function before a maximum is applied after it.
    """
    kind = _checked_dtype(dtype)
    if results not in ("all", "training"):
        raise SymcnnError(f'results = {results!r} is not known: "all" and "training" are')
    plan, recipe = plan_of(derivation, results), Recipe(derivation.network, backend, kind)
    if backend == "jax":
        from symcnn.backends.jax.lowering import functions
        from symcnn.backends.jax.run import jax_or_error

        jax_or_error()
        return JaxProgram(functions(plan), plan.given, kind, recipe)
    return Program(listed(plan, backend, kind), plan.given, kind, recipe)


def _checked_dtype(dtype: npt.DTypeLike) -> str:
    name = np.dtype(dtype).name
    if name not in ("float64", "float32"):
        raise SymcnnError(f'dtype = {dtype!r} is not known: "float64" and "float32" are')
    return name


def listed(plan: Plan, backend: Backend, dtype: str = "float64") -> Listing:
    """Write a plan down with the one backend or the other."""
    if backend not in ("auto", "scalar", "array"):
        known = '"auto", "scalar", "array" and, for lambdify, "jax" are'
        raise SymcnnError(f"backend = {backend!r} is not known: {known}")
    if backend == "scalar" or (backend == "auto" and plan.terms <= limits.USUAL_SCALAR_TERMS):
        return straight_line(plan, dtype)
    # Loaded when it is needed: tiny networks are done before this would be imported.
    from symcnn.backends.numpy import arrays

    return arrays(plan)
