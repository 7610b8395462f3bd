"""Code as users write it, which mypy checks as strictly as symcnn itself."""
