"""Explaining a problem: its derivation with numbers, as a checked document.

Here the symbolic and the numeric readings meet: the document states what was derived,
and every row of it is checked against an independent evaluation of the forward pass.
"""

from symcnn.document.explanation.numbers import Numbers as Numbers
from symcnn.document.explanation.oracles import oracles as oracles
