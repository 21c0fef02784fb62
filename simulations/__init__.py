"""Surges replayed in virtual time through the operator's own tick; the world is the only fake."""
