"""From demand to servers and Gbit/s. Pure."""
