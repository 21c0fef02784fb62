"""Rolling-origin evaluation: every model forecasts from the same past moments, and is scored."""
