"""Formulas of others: read, compared with the theorem at many sizes, and mended."""
