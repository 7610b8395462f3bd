"""Documents: a derivation as blocks, every row checked, and the writers for them."""

from symcnn.document.chosen import Chosen as Chosen
from symcnn.document.context import Check as Check
from symcnn.document.context import Compared as Compared
from symcnn.document.context import Context as Context
from symcnn.document.context import Correction as Correction
from symcnn.document.context import Descent as Descent
from symcnn.document.context import Figure as Figure
from symcnn.document.context import Figures as Figures
from symcnn.document.context import Told as Told
from symcnn.document.curvature import Curvature as Curvature
from symcnn.document.document import Document as Document
from symcnn.document.document import document as document
from symcnn.document.scope import Examples as Examples
from symcnn.document.scope import Overview as Overview
from symcnn.document.scope import Path as Path
from symcnn.document.scope import Scope as Scope
from symcnn.document.scope import path as path
from symcnn.document.style import Style as Style
from symcnn.document.telling import alike as alike
from symcnn.document.telling import telling as telling
from symcnn.document.verify import Oracle as Oracle
from symcnn.document.whole import Whole as Whole
from symcnn.errors import UnverifiedError as UnverifiedError
from symcnn.printing.numerals import Numerals as Numerals
