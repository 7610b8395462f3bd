"""The public names, each once: ``symcnn`` finds its own here, and type checkers follow them.

A name is loaded when it is first used (see ``symcnn/__init__.py``); nothing runs this file.
"""

from symcnn import examples as examples
from symcnn import limits as limits
from symcnn.backends.scalar.partials import scalar_text as scalar_text
from symcnn.derivation import Derivation as Derivation
from symcnn.derivation import derive as derive
from symcnn.derivation.instance import at_sizes as at_sizes
from symcnn.equations import OTHER_SAMPLE as OTHER_SAMPLE
from symcnn.equations import OWN_SAMPLE as OWN_SAMPLE
from symcnn.equations import Equation as Equation
from symcnn.equations import LogSumExp as LogSumExp
from symcnn.equations import Max as Max
from symcnn.equations import Mean as Mean
from symcnn.equations import Product as Product
from symcnn.equations import Sum as Sum
from symcnn.equations import Tensor as Tensor
from symcnn.equations import define as define
from symcnn.equations import positions as positions
from symcnn.errors import SymcnnError as SymcnnError
from symcnn.errors import TooLargeError as TooLargeError
from symcnn.evaluation import ExactEvaluation as ExactEvaluation
from symcnn.evaluation.evaluate import evaluate as evaluate
from symcnn.explanation.explain import explain as explain
from symcnn.functions import Iverson as Iverson
from symcnn.functions import maximum as maximum
from symcnn.functions import relu as relu
from symcnn.functions import sigmoid as sigmoid
from symcnn.layers import *  # noqa: F403 - every layer, listed there
from symcnn.losses import BinaryCrossEntropy as BinaryCrossEntropy
from symcnn.losses import CrossEntropy as CrossEntropy
from symcnn.losses import HalfSquaredError as HalfSquaredError
from symcnn.losses import Loss as Loss
from symcnn.losses import MeanSquaredError as MeanSquaredError
from symcnn.losses import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from symcnn.losses import SquaredError as SquaredError
from symcnn.losses import SumOfOutputs as SumOfOutputs
from symcnn.losses import Upstream as Upstream
from symcnn.marking import ClassMarking as ClassMarking
from symcnn.marking import Marking as Marking
from symcnn.marking import mark as mark
from symcnn.marking import mark_class as mark_class
from symcnn.marking import report as report
from symcnn.network import Network as Network
from symcnn.notation import index as index
from symcnn.practice import practice_page as practice_page
from symcnn.problems import Problem as Problem
from symcnn.problems.load import load as load
from symcnn.problems.write import save as save
from symcnn.programs.gradcheck import gradcheck as gradcheck
from symcnn.programs.hessian import HessianVectorProduct as HessianVectorProduct
from symcnn.programs.hessian import hessian_block as hessian_block
from symcnn.programs.hessian import hessian_vector_product as hessian_vector_product
from symcnn.programs.lambdify import lambdify as lambdify
from symcnn.programs.program import Program as Program
from symcnn.sizes import real as real
from symcnn.sizes import size as size
from symcnn.spreadsheets import Spreadsheet as Spreadsheet
from symcnn.spreadsheets import spreadsheet as spreadsheet
from symcnn.theory import theorem as theorem
from symcnn.training import Training as Training
from symcnn.training import train as train
from symcnn.values import Evaluation as Evaluation
from symcnn.worksheets import Worksheet as Worksheet
from symcnn.worksheets import worksheet as worksheet
