"""The one tick of the project: operator, simulator and what-if all call `step`. Pure."""
