"""Checks as assertions: for pytest, and for the cells and files in which courses test code.

Each function takes what ``check_backward`` and its like take, and raises ``AssertionError`` with
the text of the verdict unless everything is right.
"""

from __future__ import annotations

from typing import Any

from symcnn.classroom.checks.graders import gradescope as gradescope
from symcnn.classroom.checks.graders import prairielearn as prairielearn
from symcnn.classroom.checks.judging import check_backward, check_forward, check_gradients
from symcnn.classroom.checks.suites import check_file as check_file
from symcnn.classroom.checks.verdict import Verdict
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
