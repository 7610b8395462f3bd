"""Which tests take long, by ``long.txt``, and are drawn more rarely."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

LISTED = Path(__file__).with_name("long.txt")


def listed():
    """Return what is said of each test that takes long: "rare", "1/3" or both."""
    said, file = {}, ""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("tests/"):
            file = line
        elif line.startswith("    "):
            name, *words = line.split()
            said[f"{file}::{name}"] = words
    return said


SAID = listed()
RARE = {name for name, words in SAID.items() if "rare" in words}
PARTS = {name: int(w[2:]) for name, words in SAID.items() for w in words if w.startswith("1/")}


def share(name, cases):
    """Return the cases of a test that .ci/thorough draws: by their names at random."""
    mixed = sorted(cases, key=lambda case: crc32(case.nodeid.encode()))
    return mixed[: -(-len(cases) // PARTS.get(name, 1))]
