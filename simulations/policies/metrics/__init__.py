"""What metrics of an HPA ask for, each a small module."""
