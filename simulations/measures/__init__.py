"""What is said of supply against demand, on arrays: pure, and the same for every policy."""
