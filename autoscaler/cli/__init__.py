"""The command line. Commands import what they need when they run: --help must answer at once."""
