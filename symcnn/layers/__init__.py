"""Layers: each is a frozen dataclass of a shape rule and forward equations.

What stands here is public (``symcnn.Conv2D``), and every layer a type of problem files
(``conv2d``), which follows from its class: one line here is all that names it.
"""

from symcnn.layers.activation import ELU as ELU
from symcnn.layers.activation import GELU as GELU
from symcnn.layers.activation import Activation as Activation
from symcnn.layers.activation import LeakyReLU as LeakyReLU
from symcnn.layers.activation import Mish as Mish
from symcnn.layers.activation import ReLU as ReLU
from symcnn.layers.activation import Sigmoid as Sigmoid
from symcnn.layers.activation import SiLU as SiLU
from symcnn.layers.activation import Softplus as Softplus
from symcnn.layers.activation import Tanh as Tanh
from symcnn.layers.arithmetic import Add as Add
from symcnn.layers.arithmetic import Divide as Divide
from symcnn.layers.arithmetic import Multiply as Multiply
from symcnn.layers.arithmetic import Subtract as Subtract
from symcnn.layers.attention import Attention as Attention
from symcnn.layers.clipping import Clip as Clip
from symcnn.layers.clipping import HardSigmoid as HardSigmoid
from symcnn.layers.clipping import HardSwish as HardSwish
from symcnn.layers.clipping import ReLU6 as ReLU6
from symcnn.layers.convolution import Conv1D as Conv1D
from symcnn.layers.convolution import Conv2D as Conv2D
from symcnn.layers.declarations import Auxiliary as Auxiliary
from symcnn.layers.declarations import Given as Given
from symcnn.layers.declarations import Parameter as Parameter
from symcnn.layers.dense import Dense as Dense
from symcnn.layers.dense import Flatten as Flatten
from symcnn.layers.dropout import Dropout as Dropout
from symcnn.layers.embedding import Embedding as Embedding
from symcnn.layers.group_norms import GroupNorm as GroupNorm
from symcnn.layers.group_norms import InstanceNorm as InstanceNorm
from symcnn.layers.layer import Layer as Layer
from symcnn.layers.merge import Concatenate as Concatenate
from symcnn.layers.normalization import BatchNorm as BatchNorm
from symcnn.layers.padding import Pad as Pad
from symcnn.layers.pooling import AvgPool1D as AvgPool1D
from symcnn.layers.pooling import AvgPool2D as AvgPool2D
from symcnn.layers.pooling import MaxPool1D as MaxPool1D
from symcnn.layers.pooling import MaxPool2D as MaxPool2D
from symcnn.layers.prelu import PReLU as PReLU
from symcnn.layers.products import MatMul as MatMul
from symcnn.layers.reducing import ReduceMean as ReduceMean
from symcnn.layers.reducing import ReduceSum as ReduceSum
from symcnn.layers.reshaping import Reshape as Reshape
from symcnn.layers.reshaping import Transpose as Transpose
from symcnn.layers.sample_norms import LayerNorm as LayerNorm
from symcnn.layers.sample_norms import RMSNorm as RMSNorm
from symcnn.layers.scaling import AddParameter as AddParameter
from symcnn.layers.scaling import MultiplyParameter as MultiplyParameter
from symcnn.layers.scaling import Scale as Scale
from symcnn.layers.shuffling import ChannelShuffle as ChannelShuffle
from symcnn.layers.shuffling import PixelShuffle as PixelShuffle
from symcnn.layers.slicing import Slice as Slice
from symcnn.layers.softmax import LogSoftmax as LogSoftmax
from symcnn.layers.softmax import Softmax as Softmax
from symcnn.layers.transposed import ConvTranspose2D as ConvTranspose2D
from symcnn.layers.upsampling import Upsample2D as Upsample2D
from symcnn.layers.whole_images import AdaptiveAvgPool2D as AdaptiveAvgPool2D
from symcnn.layers.whole_images import GlobalAvgPool2D as GlobalAvgPool2D
from symcnn.layers.whole_images import GlobalMaxPool2D as GlobalMaxPool2D
from symcnn.layers.window import Window as Window
