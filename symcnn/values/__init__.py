"""Numbers for tensors: exact rationals, arrays of floats, and what an evaluation returns."""

from symcnn.enclosures.multiprecision import MULTIPRECISION as MULTIPRECISION
from symcnn.values.descent import after_step as after_step
from symcnn.values.descent import positive_rate as positive_rate
from symcnn.values.evaluation import Array as Array
from symcnn.values.evaluation import Evaluation as Evaluation
from symcnn.values.exact import Real as Real
from symcnn.values.exact import Values as Values
from symcnn.values.exact import check_shape as check_shape
from symcnn.values.exact import entries as entries
from symcnn.values.exact import exact as exact
from symcnn.values.exact import exact_entries as exact_entries
from symcnn.values.exact import known as known
from symcnn.values.exact import required as required
from symcnn.values.exact import setting as setting
from symcnn.values.floats import float_array as float_array
from symcnn.values.floats import float_arrays as float_arrays
from symcnn.values.floats import perturbed as perturbed
from symcnn.values.indices import check_indices as check_indices
from symcnn.values.row import Row as Row
from symcnn.values.row import long_row as long_row
