"""The limits on functions of others that are checked, in a process of their own."""

BYTES = 2**31
"""The memory that one may take besides what there is: the arrays of a check have some thousand
entries. PyTorch and JAX set more aside for their threads."""

RESULT_BYTES = 2**26
"""The bytes of an array that one returns: eight million numbers."""

CRASHES = 3
"""How often one may end its process until it is called no more."""

LOADING_SECONDS = 20
"""The time that a file may take to be loaded, besides that of a call: PyTorch takes ten."""
