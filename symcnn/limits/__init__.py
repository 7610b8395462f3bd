"""The limits on what symcnn accepts, computes, writes or lists, each with its reason.

A limit is read when it is used, so ``symcnn.limits.EXACT_TERMS = 10**6`` is effective from then
on. Where a function takes its limit as an argument, as noted below, pass it there.
"""

NETWORK_ENTRIES = 10**10
"""The entries of all tensors that get numbers: a typing error in a shape is no network."""

ENTRY_BYTES = 16
"""The bytes of an entry and its derivative, which together are to fit into the memory."""

NETWORK_LAYERS = 5_000
"""The layers of a network: deriving takes some milliseconds each, half a minute together."""

LAYER_INPUTS = 500
"""The inputs of one layer, each a term of its equation that is compared with all others."""

INPUT_AXES = 8
"""The axes of an array: no layer has more, and a file with deeper nesting is not a problem file."""

NAME_LETTERS = 60
"""The characters of a layer's name, which occurs in headings, file names and tables."""

TEXT_LETTERS = 2_000
"""The characters of a title, a remark or a name in a problem file, which is printed on one line."""

FORMULA_DEPTH = 40
"""The nesting depth of a formula in a problem file: readers and writers are recursive."""

FILE_BYTES = 2**26
"""The bytes of a problem file: 64 MiB of text hold some five million numbers."""

ARCHIVE_DIRECTORY_BYTES = 2**22
"""The bytes of an archive's directory, forty thousand names, which are found in a second."""

IMPORTED_BYTES = 2**30
"""The bytes of a model that is imported, with its arrays: VGG-19 in 32 bits has half of them."""

IMPORTED_NODES = 20_000
"""The nodes of such a model, with functions put where they are called: four for each layer."""

IMPORTED_ENTRIES = 200_000_000
"""The entries that it computes of its input: VGG-16 has thirty million at 224 by 224 pixels."""

TYPESETTING_SECONDS = 300
"""The time after which LaTeX is stopped; a document usually takes seconds."""

GIVEN_NUMBERS = 20_000_000
"""The numbers of a problem that are no long arrays, 250 bytes each, or of a C program, 20 each."""

NUMBER_DIGITS = 400
"""The digits of a numerator or a denominator, since exact arithmetic multiplies such numbers."""

NUMBER_EXPONENT = 300
"""A number must be below ten to this power, so that a float can represent it."""

WHOLE_NUMBER = 10**18
"""The largest integer of a setting such as a stride, whose layer checks it further."""

LISTED_TERMS = 1_000_000
"""The loop assignments of one equation that are listed, some hundred bytes each."""

TOML_NAMES = 32
"""The dotted names in one key: the memory of Python's TOML reader grows with their square."""

PRODUCT_FACTORS = 64
"""The factors of a product that is written out: its derivative has as many terms, each as long."""

COVERED_TERMS = 50_000
"""The terms of an equation that are enumerated to find entries without terms, in some seconds."""

GATHERED_CASES = 100_000
"""The index values at which a bound with floors is tested if no formula decides its sign."""

EXACT_TERMS = 20_000
"""The terms of all forward equations in an exact evaluation, whose fractions grow."""

COMPARED_TERMS = 2_000
"""The terms of all forward equations, those with functions counted as twenty, up to which
``evaluate`` on the command line compares floats with exact numbers, in a tenth of its time."""

MOVED_TERMS = 500_000
"""The terms up to which derivatives are computed again from numbers moved by a few roundings."""

EXACT_PRECISION = 2_240
"""The digits of the last attempt to tell two numbers apart: then they are equal, and it is said."""

EXACT_EXPONENT = 10**6
"""A number below ten to minus this counts as 0, and one above the inverse of that is refused."""

CLOSED_FORM_NODES = 20_000
"""The operations and operands of a closed form: ``most_nodes=`` of ``Derivation.partial``."""

HESSIAN_NODES = 10_000_000
"""The operations and operands of all second derivatives in a matrix, some six seconds and 30 MB."""

HESSIAN_ENTRIES = 20_000_000
"""The entries of a stage's Jacobian for a block of the Hessian, 160 megabytes."""

HESSIAN_BLOCKS = 15
"""The blocks of the Hessian that a document gives, of five parameters; of more, diagonal ones."""

HESSIAN_PRINTED = 100
"""The entries of a block of the Hessian that are written out: ten rows and columns fit a page."""

HESSIAN_WORKED = 16
"""The steps of a worked second derivative, half a page: of more, the last one is given."""

GRADCHECK_TERMS = 10_000_000
"""The terms of all forward passes of a check, some seconds: ``most_terms=`` of ``gradcheck``."""

SCALAR_TERMS = 10_000
"""The terms of a straight-line program: Python compiles longer ones too slowly."""

USUAL_SCALAR_TERMS = 500
"""The terms up to which ``backend="auto"`` chooses straight-line code, which is then faster."""

CHUNKS_AT_ONCE = 16
"""The chunks of an iterable that are in memory at once, and as many in transit."""

DESCENT_STEPS = 20_000
"""The steps of gradient descent on the numbers of one problem: the curve shows no more."""

DESCENT_TERMS = 2_000_000
"""The terms of all these steps together, some seconds of work."""

EXPORTED_ENTRIES = 5_000
"""The entries of all tensors of a SymPy module, each of which is a symbol."""

EXPORTED_TERMS = 200_000
"""The terms of all forward and backward equations of a SymPy module: some megabytes of text."""

EXPORTED_NODES = 1_000_000
"""The operations and operands of all closed forms beyond which a module prints rounded numbers."""

EXPORTED_NESTING = 5
"""The sigmoids inside of each other: of more, SymPy evaluates the arguments too many times."""

SPREADSHEET_ENTRIES = 20_000
"""The entries of all tensors in a workbook, each of which is a cell with a name."""

SPREADSHEET_TERMS = 50_000
"""The terms of all formulas in a workbook, which are written in half a minute."""

SPREADSHEET_COLUMNS = 16_384
"""The columns of a sheet, in every program."""

SPREADSHEET_BYTES = 2**25
"""The bytes of one part of a workbook that is read: a compressed file may unfold to any size."""

SPREADSHEET_ELEMENTS = 2_000_000
"""The elements of all parts that are read, ten for each cell, in some seconds."""

SPREADSHEET_CELLS = 500_000
"""The cells of a sheet that is read: those with answers are among them."""

EXPLAINED_ENTRIES = 50_000_000
"""The entries of all tensors of a network that is explained."""

MEASURED_TERMS = 1_000_000
"""The terms of all forward equations beyond which printed entries are measured one by one."""

WORKED_ENTRIES = 24
"""A larger tensor is worked at one entry; ``all_weights=`` of ``explain`` works all of them."""

TELLING_ENTRIES = 8
"""The entries of a larger tensor from which the most instructive one is chosen."""

TELLING_TERMS = 240
"""The terms of such an entry: the formula of more is cut short, so that none shows more."""

ALL_WORKED_ENTRIES = 3_000
"""The entries of all tensors together with ``all_weights=``: a page holds some 15 of them."""

GIVEN_ENTRIES = 1_024
"""A given tensor with more entries, such as an image of 32 by 32 pixels, is not written out."""

GIVEN_TOGETHER = 4_096
"""If all that would be written out have more entries, only tensors of ``WORKED_ENTRIES`` are."""

LISTED_ENTRIES = 200
"""A table with more entries lists examples."""

SPELLED_TERMS = 500
"""A longer sum of products is computed from arrays: in symbols a term takes a millisecond."""

WRITTEN_TERMS = 24
"""A longer sum is shown by its first and last terms."""

CHECKED_ROWS = 200
"""A longer table of checked derivatives lists evenly spaced rows."""

CHECKED_TERMS = 10_000
"""With more loop assignments, a theorem is tested at one entry instead of two."""

PRINTED_NODES = 400
"""The operations and operands of a printed closed form; a longer one would not be readable."""

CLOSED_FORM_LINES = 8
"""The lines of all closed forms outside of full detail: of parameters with more one is printed."""

PRINTED_STAGES = 40
"""The lines of a "where" list; for a longer one, the backward pass is easier to read."""

PRINTED_LINES = 6
"""The lines of a printed formula; a longer one would not be readable."""

EXAMPLE_TERMS = 10
"""The terms of a sum in the one entry that is worked: of a longer one the first and last ones."""

INNER_TERMS = 8
"""The terms of a sum inside a term of a worked row; more would not fit on a line."""

MARGINS = 24
"""The comparisons whose margins are listed, closest first."""

MARGIN_NODES = 60
"""A comparison with more operations and operands is named instead of written in weights."""

DIGITS = 17
"""The largest value of ``digits=``: 17 digits distinguish any two floats."""

COMPARED_DIGITS = 12
"""The digits of a published number that are compared."""

QUOTED_CHARACTERS = 40
"""The longest published number that is printed as it is written; a longer one is rounded."""

EXACT_DIGITS = 10
"""A longer decimal is printed rounded."""

FRACTION_PARTS = 99
"""The largest numerator or denominator that is printed as a fraction."""

DRAWN_ENTRIES = 60
"""The entries of all tensors of a network whose picture has a node for each."""

DRAWN_TERMS = 160
"""The lines in such a picture."""

DRAWN_ROWS = 12
"""The nodes of one column of such a picture, which must fit on a page."""

DRAWN_LAYERS = 17
"""The rows of a picture layer by layer; of more, the first and the last are drawn."""

DRAWN_CELLS = 6
"""The rows and columns of a larger grid that are drawn, unless a window needs more."""

LISTED_INDICES = 3
"""More values of an index are abbreviated by dots."""

TABLE_COLUMNS = 200
"""The largest width of a table in characters; a narrower terminal breaks longer lines."""

TABLE_ENTRIES = 24
"""A larger tensor is summarised on the command line; ``--json`` has every entry."""

WARNINGS = 4
"""The warnings of one kind on the command line; the number of further ones is given."""

MARKED_FIGURES = 20_000
"""The figures of one set of answers that are marked, each in a tenth to some milliseconds."""

MARKED_STUDENTS = 2_000
"""The rows of a table of answers."""

WORKSHEET_TERMS = 5_000
"""The terms of all forward equations of a worksheet, which somebody works by hand."""

WORKSHEET_FIGURES = 600
"""The figures that a worksheet asks for, each a box on its pages and a column of its table."""

WORKSHEET_VARIANTS = 200
"""The variants of a worksheet, each of which takes some seconds and some files."""

PRACTICE_FIGURES = 600
"""The figures that a page for practice asks for, each a box."""

PRACTICE_WINDOW = 64
"""The entries of a window whose winner and margin are marked on a page for practice."""

PRACTICE_STEPS = 100_000
"""The steps of computation that a page for practice holds, some bytes each."""

INTERACTIVE_ENTRIES = 600
"""Entries of a network whose page follows its numbers: a step is to take less than 16 ms."""

REGIONS = 24
"""Regions of numbers for which a page has texts and pictures of its own: each is explained."""

PROGRAM_BYTES = 2**23
"""The bytes of a text in a .pt2 file: what JSON holds takes up to thirty times as much memory."""

FOLDED_ENTRIES = 10_000_000
"""The entries that a model computes of constants, beside those that follow its weights."""
