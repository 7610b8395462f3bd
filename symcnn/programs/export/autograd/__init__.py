"""A network as a function of PyTorch or JAX whose derivatives are the derived equations."""

from symcnn.programs.export.autograd.export import to_autograd as to_autograd
