"""Exact numbers: fractions, and rigorous decimal enclosures of irrational numbers."""

from symcnn.reference.enclosures.enclosure import ONE as ONE
from symcnn.reference.enclosures.enclosure import ZERO as ZERO
from symcnn.reference.enclosures.enclosure import Enclosure as Enclosure
from symcnn.reference.enclosures.enclosure import Number as Number
from symcnn.reference.enclosures.enclosure import ends as ends
from symcnn.reference.enclosures.enclosure import inverse as inverse
from symcnn.reference.enclosures.enclosure import shortened as shortened
from symcnn.reference.enclosures.enclosure import size as size
from symcnn.reference.enclosures.functions import sign as sign
from symcnn.reference.enclosures.precision import GUARD as GUARD
from symcnn.reference.enclosures.precision import TRY_AGAIN as TRY_AGAIN
from symcnn.reference.enclosures.precision import NoValueError as NoValueError
from symcnn.reference.enclosures.precision import Precision as Precision
from symcnn.reference.enclosures.precision import UndecidedError as UndecidedError
from symcnn.reference.enclosures.precision import attempts as attempts
from symcnn.reference.enclosures.precision import certainly as certainly
from symcnn.reference.enclosures.precision import without_value as without_value
from symcnn.reference.enclosures.residues import is_zero as is_zero
from symcnn.reference.enclosures.sympy_numbers import from_sympy as from_sympy
from symcnn.reference.enclosures.sympy_numbers import to_decimal as to_decimal
from symcnn.reference.enclosures.sympy_numbers import to_sympy as to_sympy
