"""What the backends that write Python share: names, printed expressions, listings."""
