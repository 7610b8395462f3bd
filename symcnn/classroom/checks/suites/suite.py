"""Suites: tables of the functions of a course, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from symcnn.classroom.checks.code.of_file import Adapter
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Loss

Kind = Literal["backward", "forward"]


@dataclass(frozen=True)
class Entry:
    """A function of a course, and what it computes.

    Attributes:
        name: What the course calls the function.
        subjects: Each makes a layer, or a loss, that it is checked with.
        kind: What it returns: gradients, or the output of a layer.
        title: What is added to its name, where a course has it do several things.
        cache: The function that returns what a backward pass is given besides the error signal.
        layout: The order of the axes of images.
        kernel_layout: That of kernels, or of the matrices of dense layers.
        keywords: The arguments that are always passed.
        adapter: Makes a function of it that is called in the usual way, if it is not.
    """

    name: str
    subjects: Sequence[Callable[[], Layer | Loss]]
    kind: Kind = "backward"
    title: str = ""
    cache: str = ""
    layout: str = "NHWC"
    kernel_layout: str | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    adapter: Adapter | None = None

    @property
    def label(self) -> str:
        """The name, with what is added to it."""
        return f"{self.name} ({self.title})" if self.title else self.name


@dataclass(frozen=True)
class Suite:
    """The functions of a course."""

    name: str
    about: str
    entries: Sequence[Entry]

    @property
    def names(self) -> tuple[str, ...]:
        """What the functions are called, each once."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries))

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what is checked, with what is added to them."""
        return tuple(entry.label for entry in self.entries)
