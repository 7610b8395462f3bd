"""Whoever has SymPy round numbers holds this lock.

SymPy evaluates a function at a number with mpmath, which keeps its precision, and the digits of
its constants, in one place for all threads: two that round at a time would round to each other's
precision. Arithmetic in Python runs in one thread at a time anyhow, so nothing is lost.
"""

import os
from threading import RLock

MULTIPRECISION = RLock()

if hasattr(os, "register_at_fork"):  # a new process begins where nobody rounds
    os.register_at_fork(
        before=MULTIPRECISION.acquire,
        after_in_parent=MULTIPRECISION.release,
        after_in_child=MULTIPRECISION.release,
    )
