"""Exact numbers: fractions, and rigorous decimal enclosures of irrational numbers."""

from symcnn.enclosures.enclosure import ONE as ONE
from symcnn.enclosures.enclosure import ZERO as ZERO
from symcnn.enclosures.enclosure import Enclosure as Enclosure
from symcnn.enclosures.enclosure import Number as Number
from symcnn.enclosures.enclosure import ends as ends
from symcnn.enclosures.enclosure import inverse as inverse
from symcnn.enclosures.enclosure import shortened as shortened
from symcnn.enclosures.enclosure import size as size
from symcnn.enclosures.functions import shown as shown
from symcnn.enclosures.functions import sign as sign
from symcnn.enclosures.precision import GUARD as GUARD
from symcnn.enclosures.precision import TRY_AGAIN as TRY_AGAIN
from symcnn.enclosures.precision import NoValueError as NoValueError
from symcnn.enclosures.precision import Precision as Precision
from symcnn.enclosures.precision import UndecidedError as UndecidedError
from symcnn.enclosures.precision import attempts as attempts
from symcnn.enclosures.precision import certainly as certainly
from symcnn.enclosures.precision import without_value as without_value
from symcnn.enclosures.residues import is_zero as is_zero
from symcnn.enclosures.sympy_numbers import from_sympy as from_sympy
from symcnn.enclosures.sympy_numbers import to_decimal as to_decimal
from symcnn.enclosures.sympy_numbers import to_sympy as to_sympy
