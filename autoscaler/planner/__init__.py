"""decide = guard(require()): what each pool must have, and what may be done about it. Pure."""
