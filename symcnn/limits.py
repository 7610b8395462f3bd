"""What is too large to take, to work out, to write or to list: every limit, with its reason.

Each is read when it is used, so ``symcnn.limits.EXACT_TERMS = 10**6`` holds from then on.
Where a function takes its limit as an argument, which is said below, give it there.
"""

NETWORK_ENTRIES = 10**8
"""In all tensors together: a typing error in a shape must not exhaust the memory."""

NETWORK_LAYERS = 5_000
"""Deriving takes some milliseconds for each: half a minute together."""

INPUT_AXES = 8
"""No layer has more; a file that is nested deeper is not one."""

NAME_LETTERS = 60
"""A layer's name stands in headings, file names and tables."""

TEXT_LETTERS = 2_000
"""Of a title, a remark or a name in a problem file: it stands on one line there."""

FORMULA_DEPTH = 40
"""How deep a formula that somebody writes is nested: readers and writers call themselves."""

FILE_BYTES = 2**26
"""Of a problem file: 64 MiB of text hold some five million numbers."""

TYPESETTING_SECONDS = 300
"""For LaTeX or Typst to set one document, which takes seconds; then it is ended."""

GIVEN_NUMBERS = 20_000_000
"""Of a problem: each is kept as SymPy's exact number, which takes some 250 bytes."""

NUMBER_DIGITS = 400
"""Above and below the fraction bar: exact arithmetic multiplies them."""

NUMBER_EXPONENT = 300
"""A number is below ten to this power, so that a float holds it."""

WHOLE_NUMBER = 10**18
"""For a setting such as a stride: whatever uses it says which ones fit."""

ENUMERATED_TERMS = 5_000_000
"""The loop assignments of one equation that are written entry by entry, which takes memory."""

TOML_NAMES = 32
"""With dots between them, in one key: Python's reader takes memory as the square of them."""

COVERED_TERMS = 50_000
"""The terms of an equation that are gone through, when a network is made, to see which entries
have none: more would be felt, and layers that come with symcnn have none such."""

GATHERED_CASES = 100_000
"""The index values at which a bound with floors is tried, where no formula decides its sign."""

EXACT_TERMS = 20_000
"""The terms of all forward equations, for an exact evaluation: its fractions grow."""

COMPARED_TERMS = 2_000
"""The terms of all forward equations, one with functions for twenty, up to which ``evaluate`` on
the command line compares floats with exact numbers: that takes a tenth of its time."""

MOVED_TERMS = 500_000
"""The same terms, up to which the derivatives of a larger network are computed once more from
numbers that are a few roundings off: two passes of a second."""

EXACT_PRECISION = 2_240
"""The digits of the last attempt to tell a number from another one: then it is said so."""

EXACT_EXPONENT = 10**6
"""A number below ten to minus this is not told from 0; one above its inverse is refused."""

CLOSED_FORM_NODES = 20_000
"""The operations and operands of a closed form: ``most_nodes=`` of ``Derivation.partial``."""

HESSIAN_NODES = 300_000
"""The operations and operands that are differentiated for one matrix: SymPy takes a minute."""

GRADCHECK_TERMS = 10_000_000
"""All forward passes of a check together, some seconds: ``most_terms=`` of ``gradcheck``."""

SCALAR_TERMS = 10_000
"""Python compiles longer straight-line code too slowly."""

USUAL_SCALAR_TERMS = 500
"""Up to here straight-line code is made and run quicker than arrays: ``backend=`` chooses."""

CHUNKS_AT_ONCE = 16
"""Of an iterable of chunks so many are held in memory, and as many are on their way."""

DESCENT_STEPS = 20_000
"""Of one problem's descent on its own numbers: the curve shows no more."""

DESCENT_TERMS = 2_000_000
"""The terms of all these steps together, some seconds of work."""

EXPORTED_ENTRIES = 5_000
"""In all tensors together, each a symbol of a SymPy module."""

EXPORTED_TERMS = 200_000
"""The terms of all equations, forward and backward: a text of some megabytes."""

EXPORTED_NODES = 1_000_000
"""The operations and operands of all closed forms: past these a module prints rounded numbers."""

EXPORTED_NESTING = 5
"""Sigmoids and the like in each other, in a closed form: past these too. SymPy evaluates what
stands in a function several times whenever it evaluates the function."""

EXPLAINED_ENTRIES = 2_000_000
"""In all tensors of a network that is explained: each takes a kilobyte, together some gigabytes.

This limit and the next two are asked first, before any work is done.
"""

EXPLAINED_TERMS = 10_000_000
"""The terms of all forward equations of such a network: a minute and some gigabytes, for they
are worked at the given numbers and at three other points."""

WORKED_ENTRIES = 24
"""A larger tensor is worked at one entry: ``all_weights=`` of ``explain`` works them all."""

TELLING_ENTRIES = 8
"""How many entries of a larger tensor are looked at for the one that shows most."""

ALL_WORKED_ENTRIES = 3_000
"""In all tensors together, with ``all_weights=``: a page holds some 15 of them."""

GIVEN_ENTRIES = 1_024
"""A given tensor of more entries, such as an image of 32 by 32 pixels, is not written out."""

LISTED_ENTRIES = 200
"""A table of more entries lists examples."""

WRITTEN_TERMS = 24
"""A longer sum is shown by its first and last terms."""

CHECKED_ROWS = 200
"""A longer table of checked derivatives lists every so many."""

CHECKED_TERMS = 10_000
"""Past so many loop assignments a theorem is tried at one entry, not at two."""

PRINTED_NODES = 400
"""A closed form with more operations and operands says nothing to a reader."""

PRINTED_STAGES = 40
"""A longer "where" list is no help: the backward pass is the better reading."""

PRINTED_LINES = 6
"""A formula of more lines says nothing to a reader."""

INNER_TERMS = 8
"""The parts of a sum inside of a term of a worked row; more would not fit a line."""

MARGINS = 24
"""The comparisons whose margins are listed: the closest decide."""

MARGIN_NODES = 60
"""A comparison with more operations and operands is named, not written out in weights."""

DIGITS = 17
"""The digits that ``digits=`` allows: they tell every two floats apart."""

COMPARED_DIGITS = 12
"""More digits of a published number nobody compares."""

EXACT_DIGITS = 10
"""A longer decimal is printed rounded."""

FRACTION_PARTS = 999
"""Above and below the bar of a fraction that is printed as one."""

DRAWN_ENTRIES = 60
"""Of all tensors of a network whose picture has a node for each."""

DRAWN_TERMS = 160
"""The lines in such a picture."""

DRAWN_ROWS = 12
"""The nodes above each other in such a picture: a page is not higher."""

DRAWN_LAYERS = 17
"""The rows of a picture layer by layer: of more, the first and the last are drawn."""

DRAWN_CELLS = 6
"""The rows and columns of a large grid that are drawn, unless a window needs more."""

LISTED_INDICES = 3
"""More values of an index are written with dots."""

TABLE_COLUMNS = 200
"""Of characters, on a terminal that has fewer: lines that are too long are broken by it."""

TABLE_ENTRIES = 24
"""On the command line a larger tensor is summed up: ``--json`` has every entry."""

WARNINGS = 4
"""On the command line, of ties: how many more there are is said."""
