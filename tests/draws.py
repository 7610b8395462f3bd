"""How many random cases the tests draw: a few by default, more where a machine has time.

``SYMCNN_NETWORKS`` is the number of networks that the longest test draws; the other tests
draw their share of it. The draws are the same every time.
"""

import os

NETWORKS = int(os.environ.get("SYMCNN_NETWORKS", "30"))


def seeds(first, share=1.0):
    """Return the seeds of a test that draws a share of all networks."""
    return range(first, first + drawn(share))


def drawn(share):
    """Return how many cases a share is, three at the least."""
    return max(3, round(share * NETWORKS))
