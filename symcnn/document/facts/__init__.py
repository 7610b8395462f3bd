"""What is read off equations and numbers, once: what sentences and pictures ask."""
