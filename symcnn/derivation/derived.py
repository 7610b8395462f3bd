"""What a derivation has, for the files that show it and that ``Derivation`` itself calls."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sympy import Expr, IndexedBase, Symbol

from symcnn.derivation.adjoint import Routing, Step
from symcnn.derivation.long_entries import LongEntries
from symcnn.equations import Equation, Tensor
from symcnn.network.network import Network


class Derived(Protocol):
    """A ``Derivation``, which says what each of these is."""

    @property
    def network(self) -> Network: ...  # noqa: D102

    @property
    def steps(self) -> Sequence[Step]: ...  # noqa: D102

    @property
    def adjoints(self) -> Mapping[str, Tensor]: ...  # noqa: D102

    @property
    def routings(self) -> Sequence[Routing]: ...  # noqa: D102

    @property
    def tensors(self) -> Mapping[IndexedBase, Tensor]: ...  # noqa: D102

    @property
    def entries(self) -> LongEntries: ...  # noqa: D102

    def indices(self, name: str) -> tuple[Symbol, ...]: ...  # noqa: D102

    def free_indices(  # noqa: D102
        self, axes: tuple[Symbol, ...], equations: Sequence[Equation], taken: Collection[str] = ()
    ) -> tuple[Symbol, ...]: ...

    def partial(  # noqa: D102
        self, name: str, index: Sequence[int] | None = None, *, staged: bool = False
    ) -> Expr: ...


def names_by_signal(derivation: Derived) -> dict[IndexedBase, str]:
    """Return the names of tensors by what the derivatives with respect to them are called."""
    return {adjoint.base: name for name, adjoint in derivation.adjoints.items()}
