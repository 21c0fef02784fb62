"""The operator and everything it is made of; docs/architecture.md shows the rooms in order."""
