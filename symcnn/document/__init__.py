"""Documents: a derivation as blocks, every row checked, and the writers for them."""

from symcnn.document.document import Document, document
from symcnn.document.material import Check, Compared, Correction, Descent, Figure, Figures, Material
from symcnn.document.numerals import Numerals
from symcnn.document.scope import Overview, Path, Scope, path
from symcnn.document.style import Style
from symcnn.document.verify import Oracle, UnverifiedError

__all__ = [
    "Check",
    "Compared",
    "Correction",
    "Descent",
    "Document",
    "Figure",
    "Figures",
    "Material",
    "Numerals",
    "Oracle",
    "Overview",
    "Path",
    "Scope",
    "Style",
    "UnverifiedError",
    "document",
    "path",
]
