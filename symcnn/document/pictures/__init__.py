"""Pictures of networks: what they show is laid out once, and written as TikZ and as SVG."""
