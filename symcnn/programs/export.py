"""A module to keep: a program's text with the example's numbers, which runs by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symcnn.backends import chosen, languages
from symcnn.derivation import Derivation
from symcnn.plans.plan import plan_of
from symcnn.values import Array, Values, float_arrays, required


def exported(derivation: Derivation, values: Values, title: str, to: str = "numpy") -> str:
    """Return the text of a module that computes the loss and all gradients.

    It needs nothing of symcnn, holds the numbers, does nothing when it is imported, and
    prints the loss and every gradient when it is run.

    Args:
        derivation: What is computed.
        values: The numbers, by tensor name.
        title: What they are an example of.
        to: The language, one of ``symcnn.backends.languages()``.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    return _written(derivation, values, languages()[to], title)


def script(derivation: Derivation, values: Values, title: str, name: str = "network") -> str:
    """Return the module of JavaScript as a classic script, for a page that is one file.

    It declares one constant, an object of what the module exports: ``VALUES``, ``SHAPES``,
    ``stages`` and ``lossAndGradients``. Nothing in it ends a script element.

    Args:
        derivation: What is computed.
        values: The numbers, by tensor name.
        title: What they are an example of.
        name: What the constant is called.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.
    """
    from symcnn.backends.javascript.module import script_text

    def text(program: Any, arrays: Sequence[Array], title: str) -> str:
        return script_text(program, arrays, title, name)

    return _written(derivation, values, "javascript", title, text)


def _written(
    derivation: Derivation,
    values: Values,
    language: str,
    title: str,
    text: Callable[[Any, Sequence[Array], str], str] | None = None,
) -> str:
    plan = plan_of(derivation)
    required(values, plan.given)
    backend = chosen(language, plan)
    if backend.results != "all":
        plan = plan_of(derivation, backend.results)
    arrays = [*float_arrays(values, plan.given).values()]
    return (text or backend.exported)(backend.lowered(plan, "float64"), arrays, title)
