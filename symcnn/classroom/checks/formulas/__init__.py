"""Formulas of others: read, compared with the theorem at many sizes, and mended."""

from symcnn.classroom.checks.formulas.check import check_formula as check_formula
