"""The sections of a derivation, in the order in which they are read."""

from symcnn.document.sections.assemble import sections as sections
