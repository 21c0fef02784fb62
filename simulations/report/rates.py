"""Rates as people write them: `800 Mbit/s`, `1.5 Gbit/s`, `2.4 Tbit/s`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateUnit:
    """A unit, and how many Mbit/s it is."""

    name: str
    mbps: float

    def text(self, mbps: float) -> str:
        """Return a rate with its unit, to three digits."""
        value = mbps / self.mbps
        return f"{value:,.0f} {self.name}" if value >= 100 else f"{value:.3g} {self.name}"


_UNITS = (RateUnit("Tbit/s", 1e6), RateUnit("Gbit/s", 1e3), RateUnit("Mbit/s", 1.0))


def unit_for(mbps: float) -> RateUnit:
    """Return the largest unit of which there is at least one."""
    return next((unit for unit in _UNITS if mbps >= unit.mbps), _UNITS[-1])


def rate_text(mbps: float) -> str:
    """Return a rate in the unit that suits it."""
    return unit_for(mbps).text(mbps)
