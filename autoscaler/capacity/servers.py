"""Servers for a demand, and the demand that servers hold.

For arrays in a plan and for one number in a tick, with the same arithmetic: a plan and the tick
that carries it out agree to the last server.
"""

import math

import numpy as np
import numpy.typing as npt

_PER_UNIT = 1000.0
"""Demand is rounded to a thousandth of a participant before anything takes a ceiling of it."""
ROUNDING = 1e-9
"""A ratio this close above a whole number is that number: 1200 / (2000 / 5) is three servers."""


def servers_for(
    demand: npt.NDArray[np.float64], per_server: npt.NDArray[np.float64] | float
) -> npt.NDArray[np.float64]:
    """Return whole servers (as floats) that hold `demand` participants, elementwise.

    `demand` is finite and >= 0; `per_server` broadcasts against it.
    """
    rounded = np.rint(demand * _PER_UNIT) / _PER_UNIT
    servers: npt.NDArray[np.float64] = np.ceil(rounded / per_server - ROUNDING) + 0.0
    return servers


def servers_for_one(demand: float, per_server: float) -> int:
    """Return whole servers that hold `demand` participants (finite, >= 0)."""
    return math.ceil(round(demand * _PER_UNIT) / _PER_UNIT / per_server - ROUNDING)


def participants_on(servers: int, *, per_server: float, zones: int = 1, zones_lost: int = 0) -> int:
    """Return the whole participants that `servers` hold without the fullest `zones_lost` zones."""
    whole, rest = divmod(servers, zones)
    left = servers - whole * zones_lost - min(rest, zones_lost)
    return math.floor(left * per_server + ROUNDING)
