"""Deriving: the chain rule in index form, and its general and by-hand readings."""

from symcnn.derivation.adjoint import Routing, Step
from symcnn.derivation.derivation import Derivation, derive
from symcnn.derivation.substitution import Point

__all__ = ["Derivation", "Point", "Routing", "Step", "derive"]
