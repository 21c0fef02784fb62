"""Reserve for losing zones."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Count = TypeVar("Count", int, npt.NDArray[np.int64])


def with_zones_lost(servers: Count, *, zones: Count | int, zones_lost: Count | int) -> Count:
    """Return the least servers of which `servers` are left when the fullest zones are gone.

    Servers are spread evenly: of n, each zone has n // zones, and n % zones of them one more.
    Hand-checked: 9 servers over 3 zones with 1 lost need 14 (5 + 5 + 4, lose 5). Works on ints
    and elementwise.
    """
    whole, rest = divmod(servers, zones - zones_lost)
    needed: Count = whole * zones + rest + (rest > 0) * zones_lost
    return needed
