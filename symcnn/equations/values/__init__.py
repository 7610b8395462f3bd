"""Numbers for tensors: exact rationals, arrays of floats, and what an evaluation returns."""

from symcnn.equations.values.evaluation import Array as Array
from symcnn.equations.values.evaluation import Evaluation as Evaluation
from symcnn.equations.values.exact import Real as Real
from symcnn.equations.values.exact import Values as Values
from symcnn.equations.values.exact import channels_last as channels_last
from symcnn.equations.values.exact import check_shape as check_shape
from symcnn.equations.values.exact import entries as entries
from symcnn.equations.values.exact import exact as exact
from symcnn.equations.values.exact import exact_entries as exact_entries
from symcnn.equations.values.exact import known as known
from symcnn.equations.values.exact import positive_rate as positive_rate
from symcnn.equations.values.exact import required as required
from symcnn.equations.values.exact import setting as setting
from symcnn.equations.values.exact import shapes as shapes
from symcnn.equations.values.floats import MULTIPRECISION as MULTIPRECISION
from symcnn.equations.values.floats import Row as Row
from symcnn.equations.values.floats import check_indices as check_indices
from symcnn.equations.values.floats import float_array as float_array
from symcnn.equations.values.floats import float_arrays as float_arrays
from symcnn.equations.values.floats import long_row as long_row
from symcnn.equations.values.floats import perturbed as perturbed
