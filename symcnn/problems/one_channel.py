"""Inputs of one channel: (5, 5) is an image where a layer slides over images."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from symcnn.errors import AxesError
from symcnn.network.network import Network


def of_one_channel(shape: Any, made: Callable[[Any], Network]) -> Network:
    """Return the network for inputs of a shape, with a channel if a layer needs one axis more.

    A shape that all layers can read as it stands keeps its meaning.

    Args:
        shape: The shape that a file gives.
        made: What makes the network for inputs of a shape.

    Raises:
        AxesError: If it has too few axes with a channel, too.
    """
    try:
        return made(shape)
    except AxesError as error:
        with suppress(AxesError):
            return made((*shape, 1) if isinstance(shape, tuple) else (shape, 1))
        raise error from None
