"""Test vectors of layers: small exact cases for implementations in any language."""

from pathlib import Path

from symcnn.classroom.checks.vectors.cases import Vectors as Vectors
from symcnn.classroom.checks.vectors.making import vectors as vectors

SCHEMA = Path(__file__).with_name("vectors.schema.json")
"""The JSON schema of a file of test vectors."""
