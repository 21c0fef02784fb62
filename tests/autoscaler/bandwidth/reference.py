"""A provider as the contract has it, on a real socket, and every way of misbehaving on request."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.autoscaler.bandwidth.contract import wrong_with_request, wrong_with_response

Json = dict[str, Any]
TOKEN = "s3cret"


@dataclass
class Answer:
    """One answer; `lie` marks what breaks the contract on purpose."""

    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)
    lie: bool = False


def problem(status: int, title: str, **headers: str) -> Answer:
    """Return a problem document."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"title": title, "status": status}, given)


@dataclass
class ReferenceProvider:
    """One link, `euw1`. Orders above `asks_above` wait until `approve` or `refuse`."""

    ordered: float = 400.0
    delivered: float = 400.0
    asks_above: float = 1e9
    sells_up_to: float = 2000.0
    message: str = ""
    link_id: str = "euw1"
    next: deque[Answer] = field(default_factory=deque)
    """Answered instead, one to each request."""
    forgets: bool = False
    """Take an order in and hang up before answering: as a timeout, for the one who ordered."""
    gate: threading.Event = field(default_factory=threading.Event)
    """Requests wait until it is set."""
    bought: list[float] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What either side did against the contract."""

    def __post_init__(self) -> None:
        self.gate.set()
        self._revision = 1
        self._answered: dict[str, tuple[Json, Json]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def approve(self) -> None:
        """Deliver what is ordered."""
        self.delivered, self.message = self.ordered, ""

    def refuse(self, message: str) -> None:
        """Take back what waited."""
        self.ordered, self.message = self.delivered, message
        self._revision += 1

    def keys(self) -> list[str]:
        """Return the idempotency keys that came."""
        return list(self._answered)

    def _respond(self, method: str, path: str, headers: Json, body: Any) -> Answer | None:
        self.gate.wait(10.0)
        with self._lock:
            self.seen.append((method, path))
            self.wrong += wrong_with_request(method, path, headers, body)
            if headers.get("authorization") != f"Bearer {TOKEN}":
                return problem(401, "who are you?")
            if self.next:
                return self.next.popleft()
            if not path.startswith(f"/v1/links/{self.link_id}"):
                return problem(404, "no such link")
            if method == "GET":
                return Answer(200, self._state())
            answer = self._order(headers["idempotency-key"], body)
            return None if self.forgets else answer

    def _state(self) -> Json:
        return {
            "linkId": self.link_id,
            "orderedMbps": self.ordered,
            "deliveredMbps": self.delivered,
            "revision": str(self._revision),
            "message": self.message,
        }

    def _order(self, key: str, body: Json) -> Answer:
        known = self._answered.get(key)
        if known is not None:
            same = known[0] == body
            return Answer(200, known[1]) if same else problem(422, "the key came before")
        if body["revision"] != str(self._revision):
            return problem(409, "ordered something else meanwhile")
        total = float(body["totalMbps"])
        if total > self.sells_up_to:
            return problem(422, f"sells no more than {self.sells_up_to:g}")
        self.ordered, self._revision = total, self._revision + 1
        self.bought.append(total)
        waits = total > self.asks_above
        self.message = "waits for finance" if waits else ""
        if not waits:
            self.delivered = total
        answer = {
            "orderId": f"o-{len(self.bought)}",
            "state": "Pending" if waits else "Accepted",
            "totalMbps": total,
            "message": self.message,
        }
        self._answered[key] = (body, answer)
        return Answer(202 if waits else 201, answer)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._do()

            def do_POST(self) -> None:
                self._do()

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = provider._respond(self.command, self.path, headers, body)
                self.close_connection = True
                if answer is not None:
                    self._send(answer)

            def _send(self, answer: Answer) -> None:
                kind = "application/json" if answer.status < 400 else "application/problem+json"
                if not answer.lie:
                    provider.wrong += wrong_with_response(
                        self.command, self.path, answer.status, kind, answer.body
                    )
                raw = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                data = raw.encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
