"""JavaScript: statements on single numbers, or loops over typed arrays."""

from symcnn.programs.backends import Backend
from symcnn.programs.backends.javascript.lowering import lowered
from symcnn.programs.backends.javascript.module import module_text

BACKEND = Backend(lowered, module_text, results="stages")
