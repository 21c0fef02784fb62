"""What the operator would decide in a world that somebody imagines, by its own `engine.step`."""
