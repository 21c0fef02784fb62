"""decide = guard(require()): the capacity each pool must have, and what may be done about it now.
Pure.
"""
