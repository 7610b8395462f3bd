"""Documents: a derivation as blocks, every row checked, and the writers for them."""

from symcnn.document.document import Document as Document
from symcnn.document.document import document as document
from symcnn.document.material import Check as Check
from symcnn.document.material import Compared as Compared
from symcnn.document.material import Correction as Correction
from symcnn.document.material import Descent as Descent
from symcnn.document.material import Figure as Figure
from symcnn.document.material import Figures as Figures
from symcnn.document.material import Material as Material
from symcnn.document.numerals import Numerals as Numerals
from symcnn.document.scope import Overview as Overview
from symcnn.document.scope import Path as Path
from symcnn.document.scope import Scope as Scope
from symcnn.document.scope import path as path
from symcnn.document.style import Style as Style
from symcnn.document.verify import Oracle as Oracle
from symcnn.document.verify import UnverifiedError as UnverifiedError
