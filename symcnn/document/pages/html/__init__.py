"""What the HTML writer is made of: MathML, the blocks as elements, the page around them."""
