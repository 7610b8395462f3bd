"""Optimizers: equations of one step, from which numbers, documents and marks follow.

What stands here is public, and every optimizer a name under ``[training]`` of problem files.
"""

from symcnn.network.optimizers.kinds import SGD as SGD
from symcnn.network.optimizers.kinds import Adagrad as Adagrad
from symcnn.network.optimizers.kinds import Adam as Adam
from symcnn.network.optimizers.kinds import AdamW as AdamW
from symcnn.network.optimizers.kinds import RMSprop as RMSprop
from symcnn.network.optimizers.optimizer import Optimizer as Optimizer
