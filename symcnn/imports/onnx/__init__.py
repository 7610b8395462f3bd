"""ONNX: models as graphs; the package's reference evaluator says what they compute."""
