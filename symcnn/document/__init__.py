"""Documents: a derivation as blocks, every row checked, and the writers for them."""
