"""A wire to a server that can be cut: for one client, while all others still reach it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from tests.servers.process import free_port

CHUNK = 65_536


class Wire:
    """Forwards connections from a loopback port of its own to another one."""

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self._to = ("127.0.0.1", to_port)
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = self._listen()

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Break every connection and refuse new ones until the block ends."""
        self.close()
        try:
            yield
        finally:
            self._listener = self._listen()

    def close(self) -> None:
        """Break every connection and refuse new ones."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            _end(end)

    def _listen(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._to)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                sink.sendall(data)
        for end in (source, sink):
            with self._lock:
                self._ends.discard(end)
            _end(end)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
