"""What a program computes, in which order, and in a form that floats survive."""
