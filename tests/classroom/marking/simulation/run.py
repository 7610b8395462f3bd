"""Marks many simulated sheets, and says what was unfair.

    python -m tests.classroom.marking.simulation.run 400

It goes on after a failure, and can begin at any class: ... run 400 100.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.classroom.marking.simulation.fairness import marked
from tests.classroom.marking.simulation.sheets import CLASS, kind


def main(sheets: int, first: int) -> int:
    """Mark some sheets, and return how many complaints there are."""
    counted, complaints = Counter[str](), 0
    for seed in range(first, first + sheets // CLASS):
        try:
            for sheet, found in marked(seed):
                counted["sheets"] += 1
                counted["figures"] += sum(map(len, sheet.answers.values()))
                clear = [kind(sheet.mistakes[p][1]) for p in sheet.mistakes if sheet.is_clear(p)]
                counted.update(f"clear: {name}" for name in clear)
                complaints += len(found)
                for complaint in found:
                    print(f"class {seed}, {complaint}", flush=True)
        except Exception as error:
            counted["failures"] += 1
            print(f"class {seed} failed: {error!r}", flush=True)
        if seed % 100 == 99:
            print(f"{counted['sheets']} sheets, {complaints} complaints", flush=True)
    for name, number in sorted(counted.items()):
        print(f"{number:8,} {name}")
    print(f"{complaints:8,} complaints")
    return complaints + counted["failures"]


if __name__ == "__main__":
    sheets, *first = map(int, sys.argv[1:])
    sys.exit(min(1, main(sheets, *(first or [0]))))
