"""Running a program: its text is compiled, and its function is called with numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import local
from types import CodeType
from typing import Any

from symcnn.equations import Tensor
from symcnn.equations.values import Array, Evaluation, Values, float_arrays, required
from symcnn.errors import NotFiniteError
from symcnn.programs.backends.python.listing import FUNCTION, ON_FLOATS, Listing
from symcnn.programs.backends.python.module import module_text

_NOT_FINITE = (
    "a division by 0, a logarithm of 0 or an overflow occurs: choose other numbers; "
    "evaluate(problem) names the entry"
)


class Runner(ABC):
    """A function of the given numbers, on NumPy arrays."""

    def __init__(self, given: Sequence[Tensor], dtype: str) -> None:
        """Take what the arguments stand for, and the type of the numbers."""
        self.given, self.dtype = given, dtype

    @property
    @abstractmethod
    def function(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """The bare function."""

    def evaluated(self, values: Values) -> Evaluation:
        """Evaluate the function at numbers, given by tensor name."""
        outputs: dict[str, Array] = {}
        required(values, self.given)
        arguments = float_arrays(values, self.given, self.dtype)
        try:
            loss, gradients = self.function(*arguments.values(), outputs=outputs)
        except ArithmeticError:  # Python's own floats raise where NumPy's become infinite
            raise NotFiniteError(_NOT_FINITE) from None
        return Evaluation(loss, outputs, gradients)


class Running(Runner):
    """The functions of a program."""

    def __init__(self, listing: Listing, given: Sequence[Tensor], dtype: str) -> None:
        """Take the statements, what the arguments stand for, and the type of the numbers."""
        super().__init__(given, dtype)
        self.listing = listing
        self._of_thread = local()

    @cached_property
    def source(self) -> str:
        """The text of a module that imports only NumPy and Python's math."""
        return module_text(self.listing, self.dtype)

    @property
    def function(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """The bare function; every thread has its own, because its arrays are reused."""
        if not hasattr(self._of_thread, "function"):
            self._of_thread.function = self.names()[FUNCTION]
        return self._of_thread.function  # type: ignore[no-any-return]

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, tuple[float, ...], tuple[float, ...]]]:
        """The function of single floats, where the module has one."""
        return self.names()[ON_FLOATS]  # type: ignore[no-any-return]

    def names(self) -> dict[str, Any]:
        """Execute the module again and return its namespace."""
        namespace: dict[str, Any] = {}
        exec(self._code, namespace)
        return namespace

    @cached_property
    def _code(self) -> CodeType:
        return compile(self.source, "<symcnn>", "exec")
