"""Test vectors of layers: small exact cases for implementations in any language."""

from symcnn.classroom.checks.vectors.making import vectors as vectors
from symcnn.classroom.checks.vectors.vectors import Vectors as Vectors
