"""From what servers carried to what a participant asks of one, with its uncertainty."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from autoscaler.capacity.packing import largest_room
from autoscaler.capacity.regression import NOTHING, Estimate, Regression, fit
from autoscaler.capacity.samples import Column, Samples
from autoscaler.capacity.shape import MediaMix
from forecast.arrays import FloatArray

TRAFFIC = (Column.PARTICIPANTS, Column.AUDIO, Column.VIDEO)
"""What egress and packets are explained by: signalling for each participant, and the streams."""
WORK = (Column.SERVER, Column.PACKETS_IN, Column.PACKETS_OUT, Column.EGRESS)
"""What vCPU is explained by: encryption is paid for by the packet, copying by the bit."""
WORK_UNTOLD = (Column.SERVER, *TRAFFIC)
"""The same where nobody counts packets."""
LEAST_BLOCKS = 8
LARGEST_ERROR = 0.25
"""A fit replaces the cold start from so many blocks on, and within so much of its value."""
LEAST_ROOMS = 0.5
"""Rooms of a window on average, fewer of which say more of when a room began than of its size."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calibration:
    """Fits by what they explain, and the participant that the samples had on average."""

    fits: Mapping[Column, Regression]
    per_participant: Mapping[Column, float]
    """Of every column, how much came with one participant."""
    rooms: float
    """Rooms of all servers together, in the fullest window."""
    room_size: float
    """Participants of a room on average; 0 where nobody tells rooms."""
    largest_room: float
    """Seen where the SFU tells it, else by the mean size, and no less than one server's rooms."""
    fullest: float
    """Participants on one server at most, as the average of a window."""
    idle_cores: float
    """vCPU of a server before anybody comes."""

    def asks(self, response: Column, mix: Mapping[Column, float] | None = None) -> Estimate:
        """Estimate what one participant asks; `mix` are its streams, by default those of today."""
        if response not in self.fits:
            return Estimate(0.0, math.inf)
        fitted, streams = self.fits[response], {**self.per_participant, **(mix or {})}
        row = np.array([streams.get(Column(name), 0.0) for name in fitted.names])
        return fitted.at(row)

    def doubt(self, response: Column) -> str:
        """Return why a fit is no evidence yet; empty where it is."""
        if response not in self.fits:
            return "nothing tells it"
        fitted, asked = self.fits[response], self.asks(response)
        if fitted.blocks < LEAST_BLOCKS:
            return f"{fitted.blocks} blocks of samples, {LEAST_BLOCKS} are needed"
        if not asked.within <= LARGEST_ERROR:
            return f"known within {asked.within:.0%}, {LARGEST_ERROR:.0%} is needed"
        return ""

    def mix(self, cold: MediaMix) -> MediaMix:
        """Return the mix: `cold`, and where there is evidence the dear end of what was measured."""
        measured = {column: self.asks(column) for column in self.fits if not self.doubt(column)}

        def value(column: Column, otherwise: float) -> float:
            return measured[column].dearest if column in measured else otherwise

        return replace(
            cold,
            egress_mbps=value(Column.EGRESS, cold.egress_mbps),
            packets_per_second=value(Column.PACKETS_OUT, cold.packets_per_second),
            cores=value(Column.CORES, cold.cores),
            largest_room=(self.largest_room or cold.largest_room) if cold.largest_room else 0.0,
            measured_within=max((each.within for each in measured.values()), default=None),
        )


def calibrate(samples: Samples) -> Calibration:
    """Fit what the samples tell. A server without participants in a window tells its idle load."""
    told = {**samples.columns, Column.SERVER: np.ones(len(samples.times))}
    participants = samples.total(Column.PARTICIPANTS)
    participants = participants if participants > NOTHING else math.inf
    fits: dict[Column, Regression] = {}
    for response, explained_by in (
        (Column.EGRESS, TRAFFIC),
        (Column.PACKETS_OUT, TRAFFIC),
        (Column.CORES, WORK if Column.PACKETS_OUT in told else WORK_UNTOLD),
    ):
        names = [name for name in explained_by if name in told]
        if response in told and len(samples.times):
            table = np.stack([told[name] for name in names], axis=1)
            fits[response] = fit(table, told[response], names=names, blocks=samples.blocks)
    together = _together(samples, Column.ROOMS)
    rooms = float(together.max(initial=0.0))
    mean_size = samples.total(Column.PARTICIPANTS) / (samples.total(Column.ROOMS) or math.inf)
    seen = float(told[Column.LARGEST].max(initial=0.0)) if Column.LARGEST in told else 0.0
    present = told.get(Column.PARTICIPANTS, np.zeros(0))
    return Calibration(
        fits=fits,
        per_participant={
            column: samples.total(column) / participants for column in samples.columns
        },
        rooms=rooms,
        room_size=mean_size,
        largest_room=seen or max(largest_room(mean_size, rooms), _largest_mean(told)),
        fullest=float(present.max(initial=0.0)),
        idle_cores=_idle(fits.get(Column.CORES)),
    )


def _largest_mean(told: Mapping[Column, FloatArray]) -> float:
    """Return the largest size that the rooms of one server had on average in a window.

    A webinar alone on its server shows here in full, where sizes by their mean would hide it.
    """
    if Column.ROOMS not in told or Column.PARTICIPANTS not in told:
        return 0.0
    people, rooms = told[Column.PARTICIPANTS], told[Column.ROOMS]
    there = rooms >= LEAST_ROOMS
    return float(np.ceil(np.max(people[there] / rooms[there], initial=0.0)))


def _idle(fitted: Regression | None) -> float:
    if fitted is None or Column.SERVER not in fitted.names:
        return 0.0
    return float(fitted.coefficients[fitted.names.index(Column.SERVER)])


def _together(samples: Samples, column: Column) -> FloatArray:
    """Return the sum over servers, window by window."""
    if column not in samples.columns:
        return np.zeros(0)
    times, window = np.unique(samples.times, return_inverse=True)
    together = np.zeros(len(times))
    np.add.at(together, window, samples.columns[column])
    return together
