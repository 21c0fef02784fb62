"""A Prometheus of the tests' own: it answers what it is told to, and remembers the questions."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status and body, after a while."""

    status: int
    body: str
    seconds: float = 0.0


def series(rows: Sequence[Mapping[str, Any]]) -> Answer:
    """Answer with rows."""
    return success({"resultType": "vector", "result": rows})


def success(data: object) -> Answer:
    """Answer with any data."""
    return Answer(200, json.dumps({"status": "success", "data": data}))


def refusal(status: int, kind: str, text: str) -> Answer:
    """Answer as Prometheus refuses a query."""
    return Answer(status, json.dumps({"status": "error", "errorType": kind, "error": text}))


Script = Callable[[Mapping[str, str]], Answer]
"""From a request's parameters to its answer."""


@dataclass(slots=True)
class FakePrometheus:
    """Listens on loopback; `requests` are the parameters of each request, in order."""

    script: Script
    requests: list[dict[str, str]] = field(default_factory=list)
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def queries(self) -> list[str]:
        return [request["query"] for request in self.requests]

    def __enter__(self) -> Self:
        serve = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        serve.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(fake: FakePrometheus) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or the client's kernel waits between them

        def do_GET(self) -> None:
            request = dict(parse_qsl(urlsplit(self.path).query))
            fake.requests.append(request)
            answer = fake.script(request)
            time.sleep(answer.seconds)
            body = answer.body.encode()
            with suppress(ConnectionError):  # whoever asked may have gone
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
