"""What is measured against others: run it with `make bench-forecast`. Not installed."""
