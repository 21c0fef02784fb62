"""Giving people rights in one namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

Object = dict[str, Any]
RBAC = "rbac.authorization.k8s.io"


def may(plane: ControlPlane, namespace: str, user: str, rights: dict[str, list[str]]) -> None:
    """Let a user do this: {"GROUP/RESOURCE[/SUBRESOURCE]": [VERB, ...]}."""
    rules = []
    for what, verbs in rights.items():
        group, _, resource = what.partition("/")
        rules.append({"apiGroups": [group], "resources": [resource], "verbs": verbs})
    name = user.rpartition(":")[2]
    role = {
        "apiVersion": f"{RBAC}/v1",
        "kind": "Role",
        "metadata": {"name": name, "namespace": namespace},
        "rules": rules,
    }
    plane.apply([role, binding(namespace, user, kind="Role", role=name)])


def binding(namespace: str, user: str, *, kind: str, role: str) -> Object:
    """Return the binding of a user to a role in one namespace."""
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"{user.rpartition(':')[2]}-{role}", "namespace": namespace},
        "roleRef": {"apiGroup": RBAC, "kind": kind, "name": role},
        "subjects": [{"apiGroup": RBAC, "kind": "User", "name": user}],
    }
