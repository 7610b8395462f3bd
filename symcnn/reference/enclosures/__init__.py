"""Exact numbers: fractions, and rigorous decimal enclosures of irrational numbers."""

from symcnn.reference.enclosures.enclosure import GUARD as GUARD
from symcnn.reference.enclosures.enclosure import ONE as ONE
from symcnn.reference.enclosures.enclosure import TRY_AGAIN as TRY_AGAIN
from symcnn.reference.enclosures.enclosure import ZERO as ZERO
from symcnn.reference.enclosures.enclosure import Enclosure as Enclosure
from symcnn.reference.enclosures.enclosure import NoValueError as NoValueError
from symcnn.reference.enclosures.enclosure import Number as Number
from symcnn.reference.enclosures.enclosure import Precision as Precision
from symcnn.reference.enclosures.enclosure import UndecidedError as UndecidedError
from symcnn.reference.enclosures.enclosure import attempts as attempts
from symcnn.reference.enclosures.enclosure import certainly as certainly
from symcnn.reference.enclosures.enclosure import ends as ends
from symcnn.reference.enclosures.enclosure import inverse as inverse
from symcnn.reference.enclosures.enclosure import shortened as shortened
from symcnn.reference.enclosures.enclosure import size as size
from symcnn.reference.enclosures.enclosure import without_value as without_value
from symcnn.reference.enclosures.functions import from_sympy as from_sympy
from symcnn.reference.enclosures.functions import is_zero as is_zero
from symcnn.reference.enclosures.functions import sign as sign
from symcnn.reference.enclosures.functions import to_decimal as to_decimal
from symcnn.reference.enclosures.functions import to_sympy as to_sympy
