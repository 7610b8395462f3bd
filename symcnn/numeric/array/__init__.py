"""The array backend: equations become views, sums of products, masks, shifted slices."""

from symcnn.numeric.array.lowering import arrays

__all__ = ["arrays"]
