"""Functions of others on arrays, run in a process of their own: each becomes a ``Callee``."""
