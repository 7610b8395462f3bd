"""The front of a sheet: whose it is and what it is about; and sheets that say less, or more."""

from symcnn.classroom.worksheets.front.choices import Front as Front
from symcnn.classroom.worksheets.front.choices import front as front
