"""NumPy: statements on whole arrays."""

from symcnn.backends import Backend
from symcnn.backends.numpy.lowering import arrays
from symcnn.backends.python.export import numpy_module
from symcnn.backends.python.running import Running

BACKEND = Backend(lambda plan, dtype: arrays(plan), numpy_module, Running)
