"""Networks from elsewhere: PyTorch and ONNX.

Both are read as the same graph (``graph``); a table from its operators to layers makes the layers
(``builder``), and one place knows where the entries of a tensor are (``placed``). In the end the
network is compared with its source (``comparison``).
"""

from symcnn.imports.comparison import ImportReport as ImportReport
from symcnn.imports.copies import CopiedWarning as CopiedWarning
from symcnn.imports.registering import register as register
