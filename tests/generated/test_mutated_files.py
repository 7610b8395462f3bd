"""Whatever happens to a problem file: results, or clear lines, of every command."""

import sys

import pytest

from tests.draws import FILES

pytest.importorskip("mistune")
if sys.platform == "win32":
    pytest.skip("needs the limits of POSIX", allow_module_level=True)

from tests.generated import damaged, given

PARTS = 10
"""The files in so many tests, for as many processors."""

SECONDS = 10 * damaged.SECONDS


@pytest.mark.parametrize("part", range(min(PARTS, FILES)))
def test_a_result_or_one_line_and_never_a_command(part):
    with damaged.workshop():
        numbers = range(part, FILES, PARTS)
        assert [fault for number in numbers for fault in damaged.faults(number, SECONDS)] == []


EACH = 5
"""So many answers, archives and networks for each problem file: they take less time."""


@pytest.mark.parametrize("part", range(PARTS))
def test_other_files_are_read_or_refused(part):
    with damaged.workshop():
        given.prepare()
        numbers = range(part, EACH * FILES, PARTS)
        assert [fault for number in numbers for fault in given.faults(number, SECONDS)] == []
