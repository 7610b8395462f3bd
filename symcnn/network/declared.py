"""Settings as they were declared: ``Conv2D(3, kernel_size=(2, 1), bias=False)``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any


class Declared:
    """Settings of a frozen data class, which shows itself by the call that makes it.

    A setting that is left at its default is left out; one that has no default and is not
    given by keyword alone stands without its name.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Let the data class keep this representation: it writes its own where it finds none."""
        super().__init_subclass__(**options)
        if "__repr__" not in vars(cls):
            cls.__repr__ = Declared.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """Return the call that makes an equal one."""
        return f"{type(self).__name__}({', '.join(_arguments(self))})"


def _arguments(made: Any) -> Iterator[str]:
    """Write every argument whose value is not the default: first those without a name."""
    declared = sorted(fields(made), key=lambda f: not _is_positional(f))
    for setting in declared:
        value = getattr(made, setting.name)
        if _is_positional(setting):
            yield repr(value)
        elif value != _default(setting):
            yield f"{setting.name}={value!r}"


def _is_positional(setting: Field[Any]) -> bool:
    return _default(setting) is MISSING and not setting.kw_only


def _default(setting: Field[Any]) -> Any:
    made = setting.default_factory
    return setting.default if made is MISSING else made()
