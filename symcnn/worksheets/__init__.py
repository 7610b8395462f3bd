"""Worksheets: a network filled with friendly numbers, as sheets, keys and questions."""

from symcnn.worksheets.worksheet import Variant as Variant
from symcnn.worksheets.worksheet import Worksheet as Worksheet
from symcnn.worksheets.worksheet import worksheet as worksheet
