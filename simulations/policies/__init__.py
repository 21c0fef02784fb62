"""Policies by name: Meetscale, and those it has to beat."""
