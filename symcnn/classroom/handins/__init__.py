"""Hand-ins: what a class handed in, in files and folders of all formats, to be marked."""

from symcnn.classroom.handins.pile import pile as pile
