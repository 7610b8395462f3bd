"""Expressions as trees of formulas: the one printer of mathematics, and how indices are written."""

from symcnn.writing.printing.mathematics import MathPrinter as MathPrinter
