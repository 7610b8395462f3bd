"""JavaScript: statements on single numbers, or loops over typed arrays."""

from symcnn.backends import Backend
from symcnn.backends.javascript.lowering import lowered
from symcnn.backends.javascript.module import module_text

BACKEND = Backend(lowered, module_text, results="stages")
