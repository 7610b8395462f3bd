r"""Printed formulas read back: what a tree says to a person, worked out in floats.

    \frac{3}{5} i - 1   is   (3/5) i - 1,   whatever it was printed for

Nothing of the printer is used. What stands beside each other is multiplied, a sum over an index
goes as far as its product, a letter above a letter belongs to its name; what a person could read
in two ways is an error. So a formula whose parentheses are missing is seen before it is written.
"""

from symcnn.writing.reading.arrays import read_arrays as read_arrays
from symcnn.writing.reading.names import Named as Named
from symcnn.writing.reading.names import Names as Names
from symcnn.writing.reading.parts import UnreadableError as UnreadableError
from symcnn.writing.reading.pieces import at_fewer as at_fewer
from symcnn.writing.reading.pieces import by_pieces as by_pieces
from symcnn.writing.reading.reader import read_back as read_back
from symcnn.writing.reading.scene import Reading as Reading
from symcnn.writing.reading.scene import Scene as Scene
