"""What is drawn more rarely is there, and no file of tests is left out of a plain run."""

import re
from pathlib import Path

from tests.rarely import PARTS, RARE, SAID

ROOT = Path(__file__).parents[1]


def named_in(file):
    made = re.findall(r"^(?:async )?def (test_\w+)", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    return {f"{file}::{name}" for name in made}


def test_what_takes_long_is_there():
    every = set().union(*(named_in(file) for file in {name.split("::")[0] for name in SAID}))
    assert SAID.keys() <= every


def test_each_word_is_one_that_is_read():
    assert {"rare", *(f"1/{parts}" for parts in PARTS.values())} == {
        word for words in SAID.values() for word in words
    }


def test_some_tests_of_every_file_are_in_a_plain_run():
    assert all(named_in(name.split("::")[0]) - RARE for name in RARE)
