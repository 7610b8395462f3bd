"""How much is computed to judge what a function returned."""

TERMS = 3_000_000
"""The terms of all equations at one choice of sizes: each mistake sums those of one anew."""

TRIED_TERMS = 30_000_000
"""The terms that are summed anew, a few seconds long, while mistakes are tried in pairs."""
