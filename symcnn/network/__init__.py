"""From a list of layers and a loss to indexed equations."""
