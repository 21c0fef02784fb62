"""Randomness with common random numbers: what one subsystem draws never depends on another."""

import zlib

import numpy as np


def stream(seed: int, *path: str) -> np.random.Generator:
    """Return the generator of one subsystem, the same for the same seed and path.

    A policy that orders differently leaves the demand path alone, and a pool more or less leaves
    the other pools alone: two policies are compared on the same night, not on two nights.
    """
    key = tuple(zlib.crc32(part.encode()) for part in path)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
