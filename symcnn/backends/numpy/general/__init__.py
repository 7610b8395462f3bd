"""Any equation as NumPy statements: what the patterns of the array backend leave over."""

from symcnn.backends.numpy.general.fallback import Fallback

__all__ = ["Fallback"]
