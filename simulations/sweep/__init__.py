"""Many runs: over scenarios, fields and seeds, here or on a cluster."""
