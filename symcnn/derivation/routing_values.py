"""The shares of the terms of a maximum in it, at numbers of what the terms read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sympy import IndexedBase

from symcnn.equations import Equation, meeting, strides
from symcnn.equations.assignments import Selected, admitted, entry_form
from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, evaluate
from symcnn.reference.windows import Windows


def routed(
    equation: Equation, places: Sequence[Array], numbers: Callable[[IndexedBase, Array], Array]
) -> Array:
    """Return R[loops] = d(max)/d(term) at some values of the loops; 0 where there is no term.

    Args:
        equation: The equation of the maximum.
        places: The values of its loops, each in an array.
        numbers: Gives the numbers of some entries of a tensor that the terms read.
    """
    symbols, sizes = zip(*((loop.symbol, int(loop.size)) for loop in equation.loops), strict=True)
    columns = {s: place.ravel() for s, place in zip(symbols, places, strict=True)}
    kept = admitted(equation, columns, places[0].ravel().shape)
    shares = np.zeros(kept.size)
    target = equation.target
    entries = np.broadcast_to(entry_form(target).at(columns), kept.shape)[kept]
    if entries.size:
        listed = Selected(equation, meeting(equation, target, np.unique(entries)))
        windows = Windows(equation, listed)
        known = {read: numbers(read.base, at) for read, at in windows.reads.items()}
        terms = np.broadcast_to(evaluate(equation.value, known, FLOATS), (windows.count,))

        def counted(at: dict[object, Array]) -> Array:
            pairs = zip(symbols, strides(sizes), strict=True)
            return np.asarray(sum(at[symbol] * step for symbol, step in pairs))

        own = counted({**listed.columns})[listed.order]
        order = np.argsort(own)
        found = order[np.searchsorted(own[order], counted({**columns})[kept])]
        shares[kept] = windows.weights(terms, FLOATS)[found]
    return shares.reshape(places[0].shape)
