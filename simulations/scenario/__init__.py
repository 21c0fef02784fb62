"""Scenarios: YAML on one side, checked values on the other."""
