"""Servers for money."""


def affordable_servers(hourly: float, price: float) -> int:
    """Return how many servers cost at most `hourly`: 900 / 1.8 are 500, whatever binary says."""
    return int(hourly / price + 1e-9)
