"""LaTeX sets random networks at every level without a word, and no page ends with a heading."""

import shutil

import pytest

from symcnn.document.outline import DETAILS
from tests.draws import seeds, slow, some
from tests.generated.typeset import faults

pytestmark = pytest.mark.skipif(
    None in map(shutil.which, ("latexmk", "pdflatex", "pdftotext")),
    reason="needs latexmk, pdflatex and pdftotext",
)


@pytest.mark.parametrize("number", some(seeds(0, 0.1)))
def test_a_network_is_typeset_without_a_warning(number):
    level = DETAILS[number % len(DETAILS)]
    assert list(faults(number, level)) == []


@slow
@pytest.mark.parametrize(
    ("number", "level"), some([(8, "full"), (14, "standard"), (34, "standard"), (16, "full")], 4)
)
def test_these_once_had_lines_wider_than_the_page_or_a_heading_at_its_end(number, level):
    assert list(faults(number, level)) == []
