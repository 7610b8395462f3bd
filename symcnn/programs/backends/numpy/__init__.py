"""The array backend: equations become matrix products, phases of windows, shifted sums.

``lowering`` tries each equation against a few patterns and makes the intermediate list of
``statements``; ``emitter`` writes it as NumPy.
"""

from symcnn.programs.backends.numpy.lowering import lowered as lowered
