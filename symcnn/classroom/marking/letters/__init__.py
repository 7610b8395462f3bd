"""Names of answers as documents have them: z_11 and dL/dw_23 beside conv1[0,0,0]."""

from symcnn.classroom.marking.letters.gathering import Gathered as Gathered
from symcnn.classroom.marking.letters.gathering import Names as Names
from symcnn.classroom.marking.letters.gathering import entry as entry
from symcnn.classroom.marking.letters.known import Named as Named
