"""Statements for all sizes: layers and losses by themselves, with letters for their sizes."""

from symcnn.document.theory.paper import theorem_for_paper as theorem_for_paper
from symcnn.document.theory.theorem import atlas as atlas
from symcnn.document.theory.theorem import theorem as theorem
