"""The sections of a derivation; ``assemble`` puts them in the order in which they are read."""
