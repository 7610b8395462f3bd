"""How a document is written: digits, the first index, the decimal mark, the detail."""

from __future__ import annotations

from dataclasses import dataclass

from symcnn.document.outline import DETAILS, SECTIONS, Detail
from symcnn.errors import SymcnnError, check_choice
from symcnn.writing.printing.manner import DecimalMark, check_printed


@dataclass(frozen=True)
class Style:
    """How numbers and indices are printed.

    Attributes:
        digits: Significant digits of a rounded number.
        index_base: What the first entry of an axis is called: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark, a point or a comma.
        detail: How much is said.
        sections: The names of the sections that are wanted; all of them where there are none.
        quantities: The names of the quantities that a brief document is about, such as "conv1" or
            "gradient of conv1.weight"; all of them where there are none.

    Raises:
        SymcnnError: If one of them is something else.
    """

    digits: int = 4
    index_base: int = 1
    decimal: DecimalMark = "."
    detail: Detail = "standard"
    sections: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check every choice."""
        check_printed(self.index_base, self.digits, self.decimal)
        check_choice("detail", self.detail, DETAILS, "'brief', 'standard' or 'full'")
        for name in self.sections:
            check_choice("a section", name, SECTIONS, f"some of {', '.join(SECTIONS)}")
        if self.quantities and self.detail != "brief":
            raise SymcnnError("quantities are chosen in brief documents: add detail='brief'")

    def shows(self, quantity: str) -> bool:
        """Tell whether the document is about a quantity."""
        return not self.quantities or quantity in self.quantities
