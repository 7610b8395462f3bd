"""A grid of simulated hand-ins, and what the rule of precision lets their figures be.

networks x ways to work and to write x digits asked for and settings. For every figure the rule
alone, with numbers of its own, says which verdicts would be fair; three marking places are asked:
``mark``, the practice page and Moodle's boxes. Hand-in k depends on k alone, so that a run can be
cut into slices.
"""
