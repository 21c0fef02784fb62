"""What servers were seen to carry, window by window: the evidence a capacity model is fitted on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from forecast.arrays import FloatArray, IntArray

BLOCK_WINDOWS = 4
"""Windows of one server in a row that count as one piece of evidence: they resemble each other."""


class Column(StrEnum):
    """What is known of a server in a window: averages of gauges, rates of counters."""

    PARTICIPANTS = "participants"
    ROOMS = "rooms"
    AUDIO = "audioStreams"
    VIDEO = "videoStreams"
    EGRESS = "egressMbps"
    PACKETS_OUT = "packetsPerSecond"
    PACKETS_IN = "packetsInPerSecond"
    CORES = "cores"
    LARGEST = "largestRoom"
    SERVER = "server"
    """One in every sample: what a server takes before anybody comes."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Samples:
    """Servers in windows, one sample each; columns that nobody tells are not there."""

    servers: IntArray
    """Which server, numbered."""
    times: IntArray
    """The window's end, epoch seconds."""
    window_seconds: int
    columns: Mapping[Column, FloatArray]

    @property
    def blocks(self) -> IntArray:
        """Number the block of each sample: one server's windows of a while."""
        while_ = self.times // (BLOCK_WINDOWS * self.window_seconds)
        pairs = np.stack([self.servers, while_], axis=1)
        return np.unique(pairs, axis=0, return_inverse=True)[1].astype(np.int64).ravel()

    def total(self, column: Column) -> float:
        """Return the sum over all samples; 0 where nobody tells."""
        return float(self.columns[column].sum()) if column in self.columns else 0.0


def whole_windows(samples: Samples) -> Samples:
    """Leave out windows in which a server came or went: those without one before, or one after.

    Of such a window a gauge is averaged over the time that the server was there, and a counter's
    rate over all of it: a participant would seem to ask less. The newest window needs none after.
    """
    times, step = samples.times, samples.window_seconds
    told = set(zip(samples.servers.tolist(), times.tolist(), strict=True))
    newest = int(times.max(initial=0))
    whole = np.array(
        [
            (server, time - step) in told and (time == newest or (server, time + step) in told)
            for server, time in zip(samples.servers.tolist(), times.tolist(), strict=True)
        ],
        dtype=np.bool_,
    )
    return Samples(
        servers=samples.servers[whole],
        times=times[whole],
        window_seconds=step,
        columns={column: values[whole] for column, values in samples.columns.items()},
    )
