"""Surge: demand above what history explains. Detected from evidence, extrapolated upward only."""
