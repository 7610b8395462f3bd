"""Theorems for all sizes as files for Rocq, with a proof that its kernel checks.

    <delta, F(x + dx) - F(x)>  =  <gathered form, dx>     for all dx, over any commutative ring

The formulas are those that documents print. What is affine in the differentiated tensor is stated
and proved as algebra; what a proof needs besides is the library.
"""

from symcnn.proofs.together import listed as listed
from symcnn.proofs.together import proofs_of as proofs_of
from symcnn.proofs.together import rocq as rocq
