"""The scalar backend: one statement for each entry, for networks of a few hundred terms."""

from symcnn.backends.scalar.straight import straight_line as straight_line
