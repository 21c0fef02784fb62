"""The operator's loop: observe, step, act, report."""
