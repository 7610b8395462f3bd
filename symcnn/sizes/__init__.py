"""Sizes that are letters, and proofs about them."""

from symcnn.sizes.length import Length as Length
from symcnn.sizes.length import defined as defined
from symcnn.sizes.length import deserves_letter as deserves_letter
from symcnn.sizes.length import spare_length as spare_length
from symcnn.sizes.proof import is_at_least as is_at_least
from symcnn.sizes.settings import instantiated as instantiated
from symcnn.sizes.settings import letters_of as letters_of
from symcnn.sizes.settings import real_letters_of as real_letters_of
from symcnn.sizes.symbol import Size as Size
from symcnn.sizes.symbol import SizeSymbol as SizeSymbol
from symcnn.sizes.symbol import divides as divides
from symcnn.sizes.symbol import floor_of as floor_of
from symcnn.sizes.symbol import is_made_of_sizes as is_made_of_sizes
from symcnn.sizes.symbol import is_real_letter as is_real_letter
from symcnn.sizes.symbol import is_size as is_size
from symcnn.sizes.symbol import is_symbolic as is_symbolic
from symcnn.sizes.symbol import letters_in as letters_in
from symcnn.sizes.symbol import magnitude as magnitude
from symcnn.sizes.symbol import number_of as number_of
from symcnn.sizes.symbol import plain as plain
from symcnn.sizes.symbol import real as real
from symcnn.sizes.symbol import reduced as reduced
from symcnn.sizes.symbol import size as size
from symcnn.sizes.whole import is_integer as is_integer
from symcnn.sizes.whole import is_whole as is_whole
from symcnn.sizes.whole import positive_integer as positive_integer
