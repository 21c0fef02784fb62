"""How long it takes from ordering a server until it serves, as a measured distribution. Pure."""
