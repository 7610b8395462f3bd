"""Marks a slice of the grid, and prints every complaint.

python -m tests.classroom.marking.grid.run 1000
python -m tests.classroom.marking.grid.run 1000 5000        the thousand from number 5000 on
"""

from __future__ import annotations

import sys
from collections import Counter
from time import monotonic

from tests.classroom.marking.grid.complaints import complaints
from tests.programs.backends.javascript.node import NODE

STEP = 500


def main(number: int, first: int) -> int:
    """Mark a slice, and return the number of complaints."""
    counted, begin = Counter[str](), monotonic()
    for start in range(first, first + number, STEP):
        numbers = range(start, min(start + STEP, first + number))
        for complaint in complaints(numbers, practice=NODE is not None):
            counted[complaint.what] += 1
            print(complaint, flush=True)
        done, seconds = numbers.stop - first, monotonic() - begin
        found = ", ".join(f"{n} {what}" for what, n in counted.items()) or "none"
        print(f"{done} hand-ins, {done / seconds:.1f} a second; complaints: {found}", flush=True)
    return counted.total()


if __name__ == "__main__":
    number, *first = map(int, sys.argv[1:])
    sys.exit(min(1, main(number, *(first or [0]))))
