"""The limits on what a class hands in, which nobody has looked through before it is marked.

They are read when they are used, as those beside them are.
"""

FILES = 5_000
"""The files that are opened: two for each student, and some that are none of theirs."""

DEPTH = 8
"""The folders inside of each other in which hand-ins are looked for."""

BYTES = 2**21
"""The bytes of a hand-in that is text; a sheet with 600 boxes has a tenth of them."""

PACKED_BYTES = 2**24
"""The bytes of a workbook, a form or a table of a class."""

NOTES = 200
"""The lines on what could not be read; of others the number is given."""
