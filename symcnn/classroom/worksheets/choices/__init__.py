"""Multiple choice: figures and formulas whose wrong options are mistakes of the catalogue."""
