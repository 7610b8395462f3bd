"""Worksheets of the tests' networks, each made once."""

from functools import cache

import symcnn as sc
from tests.classroom.worksheets.moodle_reader import read
from tests.classroom.worksheets.networks import SIX, SMALL
from tests.draws import MANY

SEED = 7
CHOSEN = list(SIX) if MANY else ["transposed"]
"""The networks that are looked at: all six where a machine has time."""


@cache
def made(name, folder, variants=2, level="full"):
    """Return the worksheet of a network."""
    path = folder / f"{name}.toml"
    path.write_text({**SIX, "small": SMALL}[name], encoding="utf-8")
    return sc.worksheet(path, variants, SEED, level=level)


@cache
def questions(name, folder):
    """Return the categories and the questions of the worksheet, as Moodle reads them."""
    return read(made(name, folder).moodle())
