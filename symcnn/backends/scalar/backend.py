"""Python on single floats: one statement for each entry."""

from symcnn.backends import Backend
from symcnn.backends.python.export import numpy_module, reading_module
from symcnn.backends.python.running import Running
from symcnn.backends.scalar.straight import straight_line

BACKEND = Backend(straight_line, numpy_module, Running, reading=reading_module)
