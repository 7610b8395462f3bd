"""What operators of PyTorch and ONNX have in common: layers for them, whatever they are called."""
