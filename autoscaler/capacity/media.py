"""What rooms ask of their servers, by kind of meeting. Vectorised over room sizes.

A cold start: bit rates that the SFUs publish as their defaults, until live metrics tell better.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from forecast.arrays import FloatArray

SPEECH_MBPS, SPEECH_PACKETS = 0.024, 50.0
"""Opus for speech (LiveKit's AudioPresets.speech), a packet every 20 ms."""
SPEAKERS = 3
"""Voices at a time that a receiver is sent."""
LAYER_MBPS = {180: 0.16, 360: 0.45, 720: 1.7}
"""LiveKit's VideoPresets; Jitsi's VP8 differs by a quarter at most."""
SIMULCAST_MBPS = sum(LAYER_MBPS.values())
"""What a camera sends: 2.31; LiveKit's benchmark measured 2.67 (400 Mbit/s from 150)."""
SHARE_MBPS = 1.5
"""A shared screen (LiveKit's ScreenSharePresets.h720fps15)."""
TILES = 25
"""Cameras that a receiver is sent at most (last-n of meet.jit.si)."""
LARGE_TILES = 9
"""Above as many tiles, each is so small that the lowest layer does."""
VIDEO_PACKET_BITS = 8 * 947.0
"""531 MB/s in 560,962 packets/s (LiveKit's benchmark of a live stream)."""


class Kind(StrEnum):
    """What people do in a room."""

    AUDIO = "audio"
    """They talk, cameras off."""
    CAMERA = "camera"
    """Every camera is on, and everybody sees a gallery."""
    SCREEN = "screen"
    """One shows a screen, cameras off."""
    WEBINAR = "webinar"
    """One is seen and heard by all others."""


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """What rooms ask of a server, each shaped like the room sizes: Mbit/s, packets/s, streams."""

    mbps_in: FloatArray
    mbps_out: FloatArray
    packets_in: FloatArray
    packets_out: FloatArray
    streams_out: FloatArray


def room_load(kind: Kind, sizes: FloatArray) -> Load:
    """Return what rooms of `sizes` participants ask; nobody is sent anything in a room alone.

    Ten cameras: 10 x 9 x 0.45 + 10 x 3 x 0.024 = 41.2 Mbit/s out.
    """
    others = np.maximum(sizes - 1.0, 0.0)
    voices_in, voices_out = np.minimum(sizes, SPEAKERS), sizes * np.minimum(others, SPEAKERS)
    if kind is Kind.CAMERA:
        tiles = np.minimum(others, TILES)
        layer = np.where(tiles > LARGE_TILES, LAYER_MBPS[180], LAYER_MBPS[360])
        layer = np.where(tiles <= 1.0, LAYER_MBPS[720], layer)
        return _load(
            voices=(voices_in, voices_out),
            video=(sizes * SIMULCAST_MBPS, sizes * tiles * layer),
            tiles=sizes * tiles,
        )
    if kind is Kind.SCREEN:
        share = np.minimum(sizes, 1.0) * SHARE_MBPS
        video = (share, others * SHARE_MBPS)
        return _load(voices=(voices_in, voices_out), video=video, tiles=others)
    if kind is Kind.WEBINAR:
        one = np.minimum(sizes, 1.0)
        video = (one * SIMULCAST_MBPS, others * LAYER_MBPS[720])
        return _load(voices=(one, others), video=video, tiles=others)
    nothing = np.zeros_like(sizes)
    return _load(voices=(voices_in, voices_out), video=(nothing, nothing), tiles=nothing)


def relayed(load: Load, sizes: FloatArray, *, per_bridge: float) -> Load:
    """Return the load of rooms that cascade: at most `per_bridge` participants on one server.

    Each of the k servers of a room sends its own streams to the k - 1 others.
    """
    copies = np.maximum(np.ceil(sizes / per_bridge) - 1.0, 0.0)
    return Load(
        mbps_in=load.mbps_in * (1.0 + copies),
        mbps_out=load.mbps_out + load.mbps_in * copies,
        packets_in=load.packets_in * (1.0 + copies),
        packets_out=load.packets_out + load.packets_in * copies,
        streams_out=load.streams_out,
    )


def _load(
    *,
    voices: tuple[FloatArray, FloatArray],
    video: tuple[FloatArray, FloatArray],
    tiles: FloatArray,
) -> Load:
    packets = [
        heard * SPEECH_PACKETS + seen * 1e6 / VIDEO_PACKET_BITS
        for heard, seen in zip(voices, video, strict=True)
    ]
    return Load(
        mbps_in=voices[0] * SPEECH_MBPS + video[0],
        mbps_out=voices[1] * SPEECH_MBPS + video[1],
        packets_in=packets[0],
        packets_out=packets[1],
        streams_out=voices[1] + tiles,
    )
