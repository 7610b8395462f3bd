"""Export: the model as a module of its own, for those who do not have symcnn."""

from symcnn.export.sympy_module import sympy_module as sympy_module
