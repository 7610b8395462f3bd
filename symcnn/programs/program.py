"""A program: the derivation as a module's text, compiled, numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symcnn.derivation import Derivation, derive
from symcnn.equations import Tensor
from symcnn.equations.values import Array, Evaluation, Values, check_indices
from symcnn.errors import SymcnnError
from symcnn.limits.garbage import collected_rarely
from symcnn.programs.backends import Backend, runnable
from symcnn.programs.backends.python.listing import Listing, Operations
from symcnn.programs.backends.python.running import Runner, Running
from symcnn.programs.cluster.batches import Maker, map_batches
from symcnn.programs.computing import unharmed
from symcnn.programs.plans.plan import Plan, plan_of
from symcnn.programs.threads import InBlocks, threads_of


@dataclass(frozen=True, eq=False)
class Program:
    """The loss, all outputs and all gradients as a function of the given numbers.

    Attributes:
        written: What writes the statements: of a batch in blocks, where its text is asked for.
        given: The tensors that need numbers, in the order of the arguments.
        backend: What wrote it, and runs it.
        dtype: The type of the numbers, "float64" or "float32".
        recipe: How it was made.
        threads: How many threads divide the samples of its batch.
        block: How many samples a thread computes at once, at most; None stands for all it has.
        has_loss: Whether it computes the loss; if not, it takes no target.
    """

    written: Callable[[], Listing]
    given: tuple[Tensor, ...]
    backend: Backend
    dtype: str = "float64"
    recipe: Maker | None = None
    threads: int = 1
    block: int | None = None
    has_loss: bool = True

    def __repr__(self) -> str:
        """Say which numbers it takes, and of which type."""
        given = ", ".join(f"{tensor.name} {tensor.shape}" for tensor in self.given)
        return f"<Program in {self.dtype} of {given}>"

    def __eq__(self, other: object) -> bool:
        """Tell whether both run the same statements; one that was unpickled equals its source."""
        if not isinstance(other, Program):
            return NotImplemented
        plain = ("given", "backend", "dtype", "threads", "block", "has_loss")
        is_alike = all(getattr(self, name) == getattr(other, name) for name in plain)
        return self is other or (is_alike and self.listing == other.listing)

    def __hash__(self) -> int:
        """Return a number that equal programs share."""
        return hash((self.given, self.dtype, self.threads))

    def __call__(self, values: Values) -> Evaluation:
        """Evaluate at numbers by tensor name: "x", "target" and the parameters.

        Args:
            values: Nested lists, flat row-major lists or arrays. For the backend "jax" also
                JAX arrays, which stay where they are and are not searched for what is not
                finite, or is no index.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
            NotFiniteError: If a number on the way is beyond floats and no result shows it, as
                1/sqrt(V) is 0 of a variance V that overflows. A result that is itself infinite
                or no number is returned, as NumPy does.
        """
        if self.recipe is None:
            return self._run.evaluated(values)
        if not self.has_loss:
            check_indices(values, self.recipe.network.indexing)
            return self._run.evaluated(self._taken(values))
        check_indices(values, self.recipe.network.indexing)
        return unharmed(self._run.evaluated, lambda: self._derivation, values, self.dtype)

    def _taken(self, values: Values) -> Values:
        """Return the numbers without those that the loss alone needs."""
        assert self.recipe is not None, "without one nothing is left out"
        names = {tensor.name for tensor in self.given}
        spare = {tensor.name for tensor in self.recipe.network.given} - names
        return {name: value for name, value in values.items() if name not in spare}

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the statements alone to another process, which compiles them for itself."""
        made_of = self.listing, self.given, self.backend, self.dtype
        others = self.recipe, self.threads, self.block, self.has_loss
        return _of_listing, (*made_of, *others)

    def map_batches(self, values: Values, client: Any = None) -> Evaluation:
        """Evaluate over many samples in chunks with Dask, on a cluster if there is one.

        L = share(N) * sum over chunks k of L_k/share(n_k), with share(n) = 1/n for a mean over
        samples and 1 for a sum; a penalty is added once. A chunk may have any number of
        samples, whatever the network's batch.

        Args:
            values: Numbers for the parameters; for "x" and "target" Dask arrays with chunks
                along the first axis, arrays, or iterables of chunks, taken a few at a time.
            client: A ``dask.distributed`` client; by default Dask's current scheduler.

        Returns:
            The loss, and the gradients with respect to the parameters; no outputs.

        Raises:
            SymcnnError: If Dask is missing, a name or a shape is wrong, or the samples of a
                batch depend on each other.
        """
        assert self.recipe is not None, "lambdify says how a program was made"
        return map_batches(self.recipe, values, client)

    @cached_property
    def listing(self) -> Listing:
        """The statements."""
        return self.written()

    @cached_property
    def source(self) -> str:
        """The text of a module that contains the function and needs only NumPy, or JAX."""
        return self._whole.source

    @property
    def operations(self) -> Operations:
        """The numbers of operations of the forward pass and of the gradients."""
        return self.listing.operations

    @property
    def function(self) -> Callable[..., tuple[float, dict[str, Array]]]:
        """The bare function: arrays in the order of ``given`` in, loss and gradients out.

        It checks nothing. Every thread has its own, because work arrays are reused; that of
        the backend "jax" is pure and compiled, and returns JAX arrays.
        """
        return self._run.function

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, tuple[float, ...], tuple[float, ...]]]:
        """The function of single floats: all given numbers to loss, gradients and outputs.

        The arguments are in the order of ``given``, each tensor in row-major order; gradients
        and outputs are one tuple of floats each, tensor after tensor in the order of
        an ``Evaluation``. For tiny networks it is several times as fast as arrays.

        Raises:
            SymcnnError: If the program computes with arrays.

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
        return self._whole.on_floats

    @cached_property
    def _derivation(self) -> Derivation:
        assert self.recipe is not None, "without one nothing is looked for"
        return derive(self.recipe.network)

    @cached_property
    @collected_rarely()
    def _run(self) -> Runner:
        if self.recipe is not None:
            threads = threads_of(self.recipe.network, self.threads, self.block)
            if threads is not None:
                return InBlocks(self.given, self.dtype, self.recipe, threads)
        return self._whole

    @cached_property
    def _whole(self) -> Running:
        """All samples at once."""
        assert self.backend.running is not None, "program_of says so"
        return self.backend.running(self.listing, self.given, self.dtype)


def program_of(
    plan: Plan, backend: str, dtype: str = "float64", recipe: Maker | None = None
) -> Program:
    """Return the program of a plan; the backend is named as for ``lambdify``.

    Raises:
        SymcnnError: If the backend is not known, or what it needs is not installed.
    """
    found = runnable(backend, plan)
    others = plan.given, found, dtype, recipe, 1, None, plan.loss is not None
    return _of_listing(found.lowered(plan, dtype), *others)


def program_in_blocks(
    derivation: Derivation, backend: str, dtype: str, recipe: Maker, threads: int, block: int | None
) -> Program:
    """Return the program for training whose batch is computed in blocks of samples.

    The statements for all of it wait until their text is asked for.

    Raises:
        SymcnnError: If the backend is not known, or what it needs is not installed.
    """
    found = runnable(backend, derivation.network)

    def written() -> Listing:
        lowered: Listing = found.lowered(plan_of(derivation, "training"), dtype)
        return lowered

    return Program(written, derivation.network.given, found, dtype, recipe, threads, block)


def _of_listing(listing: Listing, *others: Any) -> Program:
    return Program(lambda: listing, *others)
