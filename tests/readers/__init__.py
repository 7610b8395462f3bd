"""Reads what is printed back from its LaTeX, as a stranger would: nothing here imports symcnn.

    judged(tex, known)                 an article: its faults, and how many rows and figures it has
    Reader(text, scope).side()         a formula: what it is worth, at values of its indices
    wrong_positions(left, right, ...)  a formula in convolution notation: where it is not true
    parted(text), listed(over)         a formula and the ranges behind it

Numbers that a document is compared with are given as ``Known``, letters of a formula as ``Named``.
A formula is a text (scanner) of letters (entries), sums and operations (formulas) on intervals. An
article is taken apart (source); what it says so far is kept (paper), while its rows, claims and
sentences (rows, claims, told, learned) are worked out one after another (reading).
"""

from tests.readers.arrays import NOTATION, wrong_positions
from tests.readers.formulas import Reader
from tests.readers.paper import Known, Paper
from tests.readers.ranges import listed, parted
from tests.readers.reading import judged
from tests.readers.scope import Formula, Named, OutsideError, Scope

__all__ = [
    "NOTATION",
    "Formula",
    "Known",
    "Named",
    "OutsideError",
    "Paper",
    "Reader",
    "Scope",
    "judged",
    "listed",
    "parted",
    "wrong_positions",
]
