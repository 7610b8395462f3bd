"""What pages of others ask for: a derivation, a theorem, a figure or a formula, as plain data."""
