"""What a module is called with, and which of the tensors that it returns is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import TensorArgument
from torch.utils import _pytree as trees

from symcnn.errors import SymcnnError
from symcnn.imports.choosing import Output, chosen
from symcnn.imports.torch.numbers import float64


@dataclass(frozen=True)
class Arguments:
    """What a module is called with; its first tensor is the input of the network.

    Attributes:
        args: The arguments by place.
        kwargs: The arguments by name.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @classmethod
    def of(cls, given: Any, module: Any) -> Arguments:
        """Return a tensor, a tuple or list of arguments, or a table of them, in float64.

        Those of a table are in the order in which the module takes them.

        Raises:
            SymcnnError: If there is no tensor among them.
        """
        args = () if isinstance(given, Mapping) else given
        args = (args,) if isinstance(args, torch.Tensor) else tuple(args)
        kwargs = _in_order(given, module) if isinstance(given, Mapping) else {}
        args, kwargs = trees.tree_map(float64, (args, kwargs))
        made = cls(args, kwargs)
        if not any(isinstance(leaf, torch.Tensor) for leaf in made.leaves):
            raise SymcnnError("the example input has no tensor: give one, torch.rand(1, 3, 32, 32)")
        return made

    @property
    def leaves(self) -> list[Any]:
        """The tensors and numbers, in the order in which a program takes them."""
        return list(trees.tree_leaves((self.args, dict(self.kwargs))))

    @property
    def place(self) -> int:
        """Where the input of the network is among them."""
        return next(at for at, leaf in enumerate(self.leaves) if isinstance(leaf, torch.Tensor))

    @property
    def x(self) -> torch.Tensor:
        """The input of the network."""
        found: torch.Tensor = self.leaves[self.place]
        return found

    def call(self, module: torch.nn.Module, x: torch.Tensor) -> Sequence[Any]:
        """Return what a module returns for another input, as a list."""
        leaves, spec = trees.tree_flatten((self.args, dict(self.kwargs)))
        leaves[self.place] = x
        args, kwargs = trees.tree_unflatten(leaves, spec)
        return list(trees.tree_leaves(module(*args, **kwargs)))


def _in_order(given: Mapping[str, Any], module: Any) -> dict[str, Any]:
    named = [*signature(module.forward).parameters] if isinstance(module, torch.nn.Module) else []
    return {name: given[name] for name in (*filter(given.__contains__, named), *given)}


def output_of(exported: ExportedProgram, output: Output) -> int:
    """Return the place of an output among all that a program returns.

    Raises:
        SymcnnError: See ``chosen``.
    """
    specs = exported.graph_signature.output_specs
    named = dict(_named(exported, len(specs)))
    tensors = [at for at, spec in enumerate(specs) if isinstance(spec.arg, TensorArgument)]
    return tensors[chosen([named[at] for at in tensors], output)]


def _named(exported: ExportedProgram, count: int) -> Iterator[tuple[int, str]]:
    """Yield what outputs are called in the module: "logits" in a table, "0" and "1" in a tuple."""
    spec = exported.call_spec.out_spec
    if spec is None or spec.num_leaves != count:
        yield from ((at, str(at)) for at in range(count))
        return
    paths, _ = trees.tree_flatten_with_path(trees.tree_unflatten(list(range(count)), spec))
    for path, at in paths:
        keys = (getattr(k, "key", getattr(k, "idx", getattr(k, "name", ""))) for k in path)
        yield at, ".".join(map(str, keys))
