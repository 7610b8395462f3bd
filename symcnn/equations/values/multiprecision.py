"""A lock for rounding by SymPy, and for looking up the value of an entry.

SymPy evaluates a function at a number with mpmath, which keeps its precision, and the digits of
its constants, in one place for all threads: two that round at a time would round to each other's
precision. The values of a problem are shared by the threads that ask for them. Arithmetic in
Python runs in one thread at a time anyhow, so nothing is lost; and the lock is held for one value,
not for a whole document.
"""

import os
from threading import RLock

from mpmath.libmp import libelefun  # type: ignore[import-untyped]  # it ships no types

MULTIPRECISION = RLock()

CONSTANTS = ("pi_fixed", "e_fixed", "ln2_fixed", "ln10_fixed")
_BITS = 10_000

for _name in CONSTANTS:
    # SymPy asks for a few digits wherever it looks at a sign, and nobody holds a lock then: with
    # so many known from the beginning, no thread finds others there than it has been told of.
    getattr(libelefun, _name)(_BITS)

if hasattr(os, "register_at_fork"):  # a new process begins where nobody rounds
    os.register_at_fork(
        before=MULTIPRECISION.acquire,
        after_in_parent=MULTIPRECISION.release,
        after_in_child=MULTIPRECISION.release,
    )
