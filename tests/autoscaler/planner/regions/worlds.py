"""Regions for tests: by hand, and at random."""

from collections.abc import Sequence

import numpy as np

from autoscaler.planner.regions import Demands, Region, Supply

SERVER, STEP = Supply(100, 10.0), Supply(100, 5.0)


def demands(
    paths: Sequence[Sequence[float]],
    *,
    latency: float | Sequence[Sequence[float]] = 50.0,
    bound: float = 100.0,
    servers: Supply = SERVER,
    link: Supply = STEP,
) -> Demands:
    """Return regions a, b, ... of which `paths` holds a row each, a number per tick."""
    count = len(paths)
    return Demands(
        tuple(Region("abcdefgh"[index], servers, link) for index in range(count)),
        np.array(paths, dtype=np.float64).T,
        np.broadcast_to(np.array(latency, dtype=np.float64), (count, count)),
        bound,
    )


def at_random(seed: int) -> Demands:
    """Return two to five regions of whole people, with prices, sizes and places of their own."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    places = rng.uniform(0.0, 200.0, (count, 2))
    return Demands(
        tuple(
            Region(
                "abcde"[index],
                Supply(int(rng.integers(50, 400)), float(rng.uniform(500.0, 1500.0))),
                Supply(int(rng.integers(100, 900)), float(rng.uniform(200.0, 1000.0))),
            )
            for index in range(count)
        ),
        rng.integers(0, 40_000, (int(rng.integers(1, 7)), count)).astype(np.float64),
        np.linalg.norm(places[:, None] - places[None], axis=-1),
        120.0,
    )
