"""The limits on PDFs with forms, which are read in a process of their own."""

BYTES = 2**24
"""The bytes of the file: a filled-in sheet has some hundred thousand."""

SECONDS = 10
"""The time for reading one; a sheet takes some milliseconds."""

MEMORY = 2**30
"""The bytes of memory for reading one."""

FIELDS = 10_000
"""The fields, with all that they consist of."""

DEPTH = 50
"""The depth to which fields are nested in fields: those of a sheet are not."""

LETTERS = 2_000
"""The characters of a field that are read: no figure has as many."""
