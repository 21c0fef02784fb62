"""The operator and everything it is made of; the rooms and their order are in docs/architecture.md."""
