"""PyTorch: programs that ``torch.export`` makes, as graphs."""
