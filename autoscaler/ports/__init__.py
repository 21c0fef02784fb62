"""The outer world as the controller sees it: Protocols only."""
