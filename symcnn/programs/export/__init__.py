"""Export of a model as a Python module that does not need symcnn."""

from symcnn.programs.export.sympy_module import sympy_module as sympy_module
