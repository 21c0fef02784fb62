"""`/livez`, `/readyz` and `/metrics`."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from autoscaler.controller.health import Health

Answer = tuple[HTTPStatus, str, bytes]
TEXT = "text/plain; charset=utf-8"


class Web:
    """A small HTTP server on a thread of its own. Raises OSError when the port is taken."""

    def __init__(self, port: int, *, health: Health, registry: CollectorRegistry) -> None:
        self._health = health
        self._registry = registry
        routes = {"/livez": self._livez, "/readyz": self._readyz, "/metrics": self._metrics}
        self._server = ThreadingHTTPServer(("", port), _handler(routes))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def _livez(self) -> Answer:
        return _said(self._health.alive, f"last heartbeat {self._health.age:.1f} s ago")

    def _readyz(self) -> Answer:
        role = self._health.role
        return _said(self._health.ready, f"ready, {role}" if role else "no complete tick yet")

    def _metrics(self) -> Answer:
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._registry)


def _said(good: bool, text: str) -> Answer:
    status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
    return status, TEXT, f"{text}\n".encode()


def _handler(routes: dict[str, Callable[[], Answer]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            route = routes.get(self.path.partition("?")[0])
            answer = (HTTPStatus.NOT_FOUND, TEXT, b"not found\n") if route is None else route()
            status, content_type, body = answer
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: a probe every few seconds is no news."""

    return Handler
