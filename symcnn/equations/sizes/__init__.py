"""Sizes that are letters, and proofs about them."""

from symcnn.equations.sizes.length import Length as Length
from symcnn.equations.sizes.length import defined as defined
from symcnn.equations.sizes.length import deserves_letter as deserves_letter
from symcnn.equations.sizes.length import spare_length as spare_length
from symcnn.equations.sizes.proof import is_at_least as is_at_least
from symcnn.equations.sizes.settings import instantiated as instantiated
from symcnn.equations.sizes.settings import is_integer as is_integer
from symcnn.equations.sizes.settings import is_whole as is_whole
from symcnn.equations.sizes.settings import letters_of as letters_of
from symcnn.equations.sizes.settings import positive_integer as positive_integer
from symcnn.equations.sizes.settings import real_letters_of as real_letters_of
from symcnn.equations.sizes.symbol import Size as Size
from symcnn.equations.sizes.symbol import SizeSymbol as SizeSymbol
from symcnn.equations.sizes.symbol import divides as divides
from symcnn.equations.sizes.symbol import floor_of as floor_of
from symcnn.equations.sizes.symbol import is_made_of_sizes as is_made_of_sizes
from symcnn.equations.sizes.symbol import is_real_letter as is_real_letter
from symcnn.equations.sizes.symbol import is_size as is_size
from symcnn.equations.sizes.symbol import is_symbolic as is_symbolic
from symcnn.equations.sizes.symbol import letters_in as letters_in
from symcnn.equations.sizes.symbol import magnitude as magnitude
from symcnn.equations.sizes.symbol import number_of as number_of
from symcnn.equations.sizes.symbol import plain as plain
from symcnn.equations.sizes.symbol import real as real
from symcnn.equations.sizes.symbol import reduced as reduced
from symcnn.equations.sizes.symbol import size as size
