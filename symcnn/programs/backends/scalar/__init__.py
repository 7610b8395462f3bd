"""The scalar backend: one statement for each entry, for networks of a few hundred terms."""
