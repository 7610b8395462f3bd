"""Python on single floats: one statement for each entry."""

from symcnn.programs.backends import Backend
from symcnn.programs.backends.python.export import numpy_module, reading_module
from symcnn.programs.backends.python.running import Running
from symcnn.programs.backends.scalar.straight import straight_line

BACKEND = Backend(straight_line, numpy_module, Running, reading=reading_module)
