"""Worksheets: a network filled with friendly numbers, as sheets, keys and questions."""

from symcnn.classroom.worksheets.worksheet import Variant as Variant
from symcnn.classroom.worksheets.worksheet import Worksheet as Worksheet
from symcnn.classroom.worksheets.worksheet import worksheet as worksheet
