"""Checks as assertions, and verdicts as graders read them: for pytest, and for courses.

Each function takes what ``check_backward`` and its like take, and raises ``AssertionError`` with
the text of the verdict unless everything is right.

Gradescope and PrairieLearn read files called ``results.json``. A function that is right earns all
of its points, and any other none; of each array that it returns, the text says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from symcnn.classroom.checks.judging import check_backward, check_forward, check_gradients
from symcnn.classroom.checks.suites import check_file as check_file
from symcnn.classroom.checks.verdict import Verdict
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer
from symcnn.network.network import Network


def assert_backward(function: Any, layer: Layer, **options: Any) -> None:
    """Assert that a backward pass returns the gradients of a layer, within rounding errors.

    Args:
        function: The function, or the pair ``(forward, backward)``.
        layer: The layer that it belongs to.
        options: Those of ``symcnn.check_backward``: ``layout``, ``arguments``, ``seconds``, ...

    Raises:
        AssertionError: If an array that it returns is not right: the verdict in words.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    _assert(check_backward(function, layer, **options))


def assert_forward(function: Any, layer: Layer, **options: Any) -> None:
    """Assert that a forward pass returns the output of a layer, within rounding errors.

    Args:
        function: The function; of several results, the first one is the output.
        layer: The layer that it computes.
        options: Those of ``symcnn.check_forward``.

    Raises:
        AssertionError: If the output is not right: the verdict in words.
    """
    __tracebackhide__ = True
    _assert(check_forward(function, layer, **options))


def assert_gradients(function: Any, network: Network, **options: Any) -> None:
    """Assert that a function returns the gradients of a network's parameters.

    Args:
        function: The function.
        network: The network.
        options: Those of ``symcnn.check_gradients``.

    Raises:
        AssertionError: If an array that it returns is not right: the verdict in words.
    """
    __tracebackhide__ = True
    _assert(check_gradients(function, network, **options))


def _assert(verdict: Verdict) -> None:
    __tracebackhide__ = True
    if not verdict:
        raise AssertionError(f"\n{verdict.to_text()}")


Verdicts = Mapping[str, Verdict | str]
"""Verdicts by the names of functions; a text says why there is none."""

Points = Mapping[str, float] | float
"""The points of each function, or those of every one."""


def gradescope(verdicts: Verdicts, points: Points = 1.0) -> str:
    """Return the text of the results that Gradescope reads.

    Args:
        verdicts: The verdicts, by what the tests are called.
        points: How many points each of them is worth.

    Raises:
        SymcnnError: If the points of a test are not stated, or negative.
    """
    worth = {name: _worth(points, name) for name in verdicts}
    tests = [
        {
            "name": name,
            "score": worth[name] if _is_right(verdict) else 0.0,
            "max_score": worth[name],
            "status": "passed" if _is_right(verdict) else "failed",
            "output": _text(verdict),
            "output_format": "text",
        }
        for name, verdict in verdicts.items()
    ]
    score = sum(test["score"] for test in tests)  # type: ignore[misc]
    return _json({"score": score, "output_format": "text", "tests": tests})


def prairielearn(verdicts: Verdicts | str, points: Points = 1.0) -> str:
    """Return the text of the results that PrairieLearn reads.

    The score is the share of the points, from 0 to 1.

    Args:
        verdicts: The verdicts, by what the tests are called; or why nothing can be graded, which
            costs no attempt.
        points: How many points each of them is worth.

    Raises:
        SymcnnError: If the points of a test are not stated, or negative, or there are none in all.
    """
    if isinstance(verdicts, str):
        return _json({"gradable": False, "format_errors": [verdicts]})
    worth = {name: _worth(points, name) for name in verdicts}
    whole = sum(worth.values())
    if not whole:
        raise SymcnnError("there are no points in all: give some test more than 0")
    tests = [
        {
            "name": name,
            "description": verdict.title if isinstance(verdict, Verdict) else name,
            "points": worth[name] if _is_right(verdict) else 0.0,
            "max_points": worth[name],
            "output": _text(verdict),
        }
        for name, verdict in verdicts.items()
    ]
    reached = sum(worth[name] for name, verdict in verdicts.items() if _is_right(verdict))
    return _json({"gradable": True, "score": reached / whole, "tests": tests})


def _is_right(verdict: Verdict | str) -> bool:
    return isinstance(verdict, Verdict) and bool(verdict)


def _text(verdict: Verdict | str) -> str:
    return verdict if isinstance(verdict, str) else verdict.to_text()


def _worth(points: Points, name: str) -> float:
    if not isinstance(points, Mapping):
        worth = points
    elif name in points:
        worth = points[name]
    else:
        raise SymcnnError(f"there are no points for {name}: state how many it is worth")
    if not worth >= 0:
        raise SymcnnError(f"the points for {name} are {worth}: give 0 or more")
    return float(worth)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
