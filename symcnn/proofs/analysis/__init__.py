"""Theorems over the real numbers for Rocq: smooth layers and losses, and networks with numbers.

    d/dtau  <delta^y, y(tau)>   =   <dL/dx, x'>  +  <dL/dw, w'>  +  ...        at tau = 0

along all curves x(tau), w(tau) with slopes x', w'. The printed formulas are those of documents, and
a proof follows the steps of the derivation.
"""

from symcnn.proofs.analysis.concrete import analysis as analysis
from symcnn.proofs.analysis.concrete import analysis_of as analysis_of
from symcnn.proofs.analysis.concrete import closed_forms as closed_forms
from symcnn.proofs.analysis.formulas import NotWrittenError as NotWrittenError
