"""Statements for all sizes: layers and losses by themselves, with letters for their sizes."""

from symcnn.theory.atlas import atlas as atlas
from symcnn.theory.theorem import theorem as theorem
