"""Real participants of a LiveKit server, by its own SDK: they speak, they show, they listen.

All of them live in one event loop on a thread of its own, and are led from the test's thread.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
from livekit import api, rtc

from tests.servers.livekit import KEY, SECRET

T = TypeVar("T")

RATE = 48_000
WIDTH, HEIGHT, SQUARE, FRAMES = 160, 96, 8, 8
VIDEO_BPS = 120_000
JOIN_SECONDS, COUNT_SECONDS = 30.0, 2.0


@dataclass(eq=False)
class Participant:
    """One participant; what it sends ends with it."""

    room: rtc.Room
    sending: list[asyncio.Task[None]] = field(default_factory=list)


class Participants:
    """Everybody who is in a meeting of one server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._present: dict[str, list[Participant]] = {}
        self._joined = 0
        self._left_bytes = 0
        self._counting = asyncio.Lock()
        self.received: list[tuple[float, int]] = [(time.time(), 0)]
        """Moments, and the bytes of media that all had received by then, RTP headers included."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._watch = asyncio.run_coroutine_threadsafe(self._count(), self._loop)

    def join(self, room: str, *, audio: int = 0, video: int = 0, silent: int = 0) -> None:
        """Let participants join: with a microphone, with a camera as well, with neither."""
        kinds = [(True, True)] * video + [(True, False)] * audio + [(False, False)] * silent
        self._wait(self._join(room, kinds))

    def leave(self, room: str) -> None:
        """Let everybody leave a room."""
        self._wait(self._leave(room))

    def close(self) -> None:
        """Let everybody leave."""
        self._watch.cancel()
        for room in list(self._present):
            self.leave(room)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(4 * JOIN_SECONDS)

    async def _join(self, room: str, kinds: list[tuple[bool, bool]]) -> None:
        for audio, video in kinds:
            self._joined += 1
            grants = api.VideoGrants(room_join=True, room=room)
            token = (
                api.AccessToken(KEY, SECRET)
                .with_identity(f"p{self._joined}")
                .with_ttl(timedelta(hours=1))
                .with_grants(grants)
                .to_jwt()
            )
            one = Participant(rtc.Room())
            await one.room.connect(self._url, token, rtc.RoomOptions(connect_timeout=JOIN_SECONDS))
            self._present.setdefault(room, []).append(one)
            if audio:
                await _speak(one, seed=self._joined)
            if video:
                await _show(one, seed=self._joined)

    async def _leave(self, room: str) -> None:
        async with self._counting:
            leaving = self._present.pop(room)
            self._left_bytes += await _received(leaving)
        for one in leaving:
            for task in one.sending:
                task.cancel()
            await asyncio.gather(*one.sending, return_exceptions=True)
            await one.room.disconnect()

    async def _count(self) -> None:
        while True:
            async with self._counting:
                present = [one for room in self._present.values() for one in room]
                received = self._left_bytes + await _received(present)
                self.received.append((time.time(), received))
            await asyncio.sleep(COUNT_SECONDS)


async def _received(participants: Sequence[Participant]) -> int:
    told = await asyncio.gather(*(one.room.get_rtc_stats() for one in participants))
    return sum(
        entry.inbound_rtp.inbound.bytes_received + entry.inbound_rtp.inbound.header_bytes_received
        for stats in told
        for entry in (*stats.publisher_stats, *stats.subscriber_stats)  # or one connection
        if entry.HasField("inbound_rtp")
    )


async def _speak(one: Participant, *, seed: int) -> None:
    """Publish noise: unlike silence it is sent in full."""
    source = rtc.AudioSource(RATE, 1)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_MICROPHONE,
        dtx=False,
        red=False,
    )
    await one.room.local_participant.publish_track(track, options)
    noise = np.random.default_rng(seed).integers(-8000, 8000, RATE // 10, dtype=np.int16)

    async def send() -> None:
        while True:
            frame = rtc.AudioFrame(noise.tobytes(), RATE, 1, len(noise))
            await source.capture_frame(frame)

    one.sending.append(asyncio.create_task(send()))


async def _show(one: Participant, *, seed: int) -> None:
    """Publish a picture that never stands still, so that the encoder needs all it is given."""
    source = rtc.VideoSource(WIDTH, HEIGHT)
    track = rtc.LocalVideoTrack.create_video_track("camera", source)
    options = rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        simulcast=False,
        video_codec=rtc.VideoCodec.VP8,
        video_encoding=rtc.VideoEncoding(max_bitrate=VIDEO_BPS, max_framerate=FRAMES),
    )
    await one.room.local_participant.publish_track(track, options)
    pictures = [_picture(seed + number) for number in range(5)]

    async def send() -> None:
        start, number = asyncio.get_running_loop().time(), 0
        while True:
            frame = rtc.VideoFrame(
                WIDTH, HEIGHT, rtc.VideoBufferType.I420, pictures[number % len(pictures)]
            )
            source.capture_frame(frame)
            number += 1  # by the clock, not by pauses: on a busy machine these are longer
            late = asyncio.get_running_loop().time() - start - number / FRAMES
            await asyncio.sleep(max(0.0, -late))

    one.sending.append(asyncio.create_task(send()))


def _picture(seed: int) -> bytes:
    """Return random squares, coarse enough for the encoder to keep to its rate."""
    squares = np.random.default_rng(seed).integers(
        16, 236, (HEIGHT // SQUARE, WIDTH // SQUARE), dtype=np.uint8
    )
    luma = squares.repeat(SQUARE, axis=0).repeat(SQUARE, axis=1)
    return luma.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
