"""Plain JSON against an API server: what plays a cluster needs no typed models, and wants speed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

Json = dict[str, Any]

NOT_FOUND, CONFLICT = 404, 409
JSON = "application/json"
STRATEGIC = "application/strategic-merge-patch+json"
MERGE = "application/merge-patch+json"


class RestError(Exception):
    """The API server refused, or could not be reached (`status` 0)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}" if status else message)
        self.status = status


class Rest:
    """The API server's REST interface, as administrator."""

    def __init__(self, plane: ControlPlane) -> None:
        self._url = plane.url
        self._headers = {"Authorization": f"Bearer {plane.admin_token}"}
        self._http = urllib3.PoolManager(
            maxsize=8, ca_certs=str(plane.ca_file), timeout=5, retries=False
        )

    def items(self, path: str) -> list[Json]:
        """List objects, oldest first."""
        listed: list[Json] = self.request("GET", f"{path}?resourceVersion=0")["items"]
        return sorted(
            listed, key=lambda o: (o["metadata"]["creationTimestamp"], o["metadata"]["name"])
        )

    def change(self, method: str, path: str, body: Json, content_type: str = JSON) -> bool:
        """Change an object; tell whether it was still there and as it was last seen."""
        try:
            self.request(method, path, body, content_type)
        except RestError as error:
            if error.status in (NOT_FOUND, CONFLICT):
                return False
            raise
        return True

    def request(
        self, method: str, path: str, body: Json | None = None, content_type: str = JSON
    ) -> Json:
        """Return what the API server answers; raise `RestError`."""
        headers = {**self._headers, "Content-Type": content_type}
        content = None if body is None else json.dumps(body)
        try:
            answer = self._http.request(method, self._url + path, headers=headers, body=content)
        except urllib3.exceptions.HTTPError as error:
            raise RestError(0, str(error)) from error
        if answer.status >= 400:
            raise RestError(answer.status, answer.data.decode(errors="replace"))
        result: Json = answer.json()
        return result
