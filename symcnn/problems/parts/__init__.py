"""Some layers of a network as a problem of their own, with what arrives there and comes back."""

from symcnn.problems.parts.part import Part as Part
from symcnn.problems.parts.part import part as part
