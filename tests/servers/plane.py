"""A real Kubernetes control plane on loopback: etcd, API server, controllers and scheduler."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client as kube
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import NotFoundError, TooManyRequestsError

from tests.servers import credentials
from tests.servers.binaries import PlaneBinaries
from tests.servers.errors import ServerError
from tests.servers.process import Process, free_port, until

FIELD_MANAGER = "tests"
CONTROLLERS = (
    "deployment",
    "replicaset",
    "namespace",
    "garbagecollector",
    "serviceaccount",
    "disruption",
    "horizontalpodautoscaling",
    "clusterrole-aggregation",
)
"""What the tests need; without node lifecycle, since kubelets are played without leases."""
HPA_PERIOD = "--horizontal-pod-autoscaler-sync-period=2s"
"""Instead of 15 s, which is also how long a new autoscaler would wait before its first look."""

Manifest = Mapping[str, Any]


class ControlPlane:
    """One control plane in `folder`: started once, usable by many tests, each in its namespace."""

    def __init__(self, binaries: PlaneBinaries, folder: Path) -> None:
        self._commands = binaries.commands
        self._folder = folder
        self.port = free_port()
        self._numbers = itertools.count(1)
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca_file = folder / "certs" / "apiserver.crt"
        credentials.write_signing_key(folder / "sa.key")
        self.admin_token = credentials.write_admin_token(folder / "tokens.csv")
        self.admin_kubeconfig = self.kubeconfig(self.admin_token)
        self._etcd_url = f"http://127.0.0.1:{free_port()}"
        self._etcd = self._part("etcd", self._etcd_flags())
        self._api = self._part("kube-apiserver", self._api_flags())
        followers = ["--secure-port=0", "--leader-elect=false"]
        followers.append(f"--kubeconfig={self.admin_kubeconfig}")
        controllers = [f"--controllers={','.join(CONTROLLERS)}", HPA_PERIOD]
        self._followers = [
            self._part("kube-controller-manager", [*followers, *controllers]),
            self._part("kube-scheduler", followers),
        ]

    def start(self) -> None:
        """Start all parts, in order; return when a namespace gets its default ServiceAccount."""
        self._etcd.start()
        self._etcd.await_ready(lambda: self._answers(f"{self._etcd_url}/health"))
        self._start_api()
        for follower in self._followers:
            follower.start()
        accounts = self.client().resources.get(api_version="v1", kind="ServiceAccount")

        def controllers_work() -> bool:
            try:
                accounts.get(name="default", namespace="default")
            except NotFoundError:
                return False
            return True

        self._followers[0].await_ready(controllers_work)

    def stop(self) -> None:
        """Stop all parts; the API server before etcd, without which it ignores SIGTERM."""
        for follower in self._followers:
            follower.kill()
        self._api.stop()
        self._etcd.stop()

    @contextlib.contextmanager
    def api_killed(self) -> Iterator[None]:
        """Kill the API server: connections are refused until the block ends."""
        self._api.kill()
        try:
            yield
        finally:
            self._start_api()

    @contextlib.contextmanager
    def api_paused(self) -> Iterator[None]:
        """Freeze the API server: it takes connections and answers none until the block ends."""
        self._api.pause()
        try:
            yield
        finally:
            self._api.resume()

    def api_client(
        self, token: str | None = None, *, user: str | None = None, group: str | None = None
    ) -> kube.ApiClient:
        """Return a client with `token` (default: the administrator's), acting as `user` if given.

        Impersonation makes `user` and `group` what authorisation and admission see.
        """
        configuration = kube.Configuration()
        configuration.host = self.url
        configuration.ssl_ca_cert = str(self.ca_file)
        configuration.retries = False  # else timeouts are silently multiplied
        configuration.api_key["authorization"] = f"Bearer {token or self.admin_token}"
        client = kube.ApiClient(configuration)
        if user is not None:
            client.set_default_header("Impersonate-User", user)
        if group is not None:
            client.set_default_header("Impersonate-Group", group)
        return client

    def client(self, token: str | None = None) -> DynamicClient:
        """Return a dynamic client with `token` (default: the administrator's)."""
        return self._dynamic(self.api_client(token))

    def user(self, name: str, group: str | None = None) -> DynamicClient:
        """Return a dynamic client as which a person acts; the person's rights are RBAC's."""
        return self._dynamic(self.api_client(user=name, group=group))

    def token_for(self, namespace: str, service_account: str) -> str:
        """Return a token of an existing ServiceAccount, from the TokenRequest API, for an hour."""
        spec = kube.V1TokenRequestSpec(audiences=[], expiration_seconds=3600)
        answer = kube.CoreV1Api(self.api_client()).create_namespaced_service_account_token(
            service_account,
            namespace,
            kube.AuthenticationV1TokenRequest(spec=spec),
        )
        return str(answer.status.token)

    def kubeconfig(self, token: str) -> Path:
        """Write a kubeconfig for `token` and return its path."""
        file = self._folder / f"kubeconfig-{next(self._numbers)}.yaml"
        return credentials.write_kubeconfig(file, url=self.url, ca_file=self.ca_file, token=token)

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl as administrator and return its output; raise `ServerError` if it fails."""
        command = [*self._commands["kubectl"], f"--kubeconfig={self.admin_kubeconfig}", *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise ServerError(f"kubectl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def apply(self, manifests: Iterable[Manifest]) -> list[Any]:
        """Apply `manifests` in order as `FIELD_MANAGER`, by force; wait until CRDs are served."""
        client = self.client()
        applied = []
        for manifest in manifests:
            resource = client.resources.get(
                api_version=manifest["apiVersion"], kind=manifest["kind"]
            )
            applied.append(
                resource.server_side_apply(
                    body=manifest,
                    namespace=manifest["metadata"].get("namespace"),
                    field_manager=FIELD_MANAGER,
                    force_conflicts=True,
                )
            )
            if manifest["kind"] == "CustomResourceDefinition":
                self._await_served(client, manifest["metadata"]["name"])
        return applied

    def _await_served(self, client: DynamicClient, name: str) -> None:
        """Wait until the API server answers for a custom resource, not only promises to."""
        kind = "CustomResourceDefinition"
        crds = client.resources.get(api_version="apiextensions.k8s.io/v1", kind=kind)

        def served() -> bool:
            crd = crds.get(name=name)
            conditions = (crd.status and crd.status.conditions) or []
            if not any(c.type == "Established" and c.status == "True" for c in conditions):
                return False
            group, plural = crd.spec.group, crd.spec.names.plural
            try:
                for version in crd.spec.versions:
                    if version.served:
                        client.request("get", f"/apis/{group}/{version.name}/{plural}")
            except (NotFoundError, TooManyRequestsError):  # 429 while its storage initialises
                return False
            return True

        until(served, what=f"CRD {name} served")

    def _start_api(self) -> None:
        self._api.start()
        self._api.await_ready(lambda: self._answers(f"{self.url}/readyz"))

    def _dynamic(self, client: kube.ApiClient) -> DynamicClient:
        # Its default cache file is named by host and port alone: another plane's resources.
        file = self._folder / f"discovery-{next(self._numbers)}.json"
        return DynamicClient(client, cache_file=str(file))

    def _part(self, name: str, flags: Sequence[str]) -> Process:
        log = self._folder / f"{name}.log"
        return Process([*self._commands[name], *flags], name=name, log=log)

    def _etcd_flags(self) -> list[str]:
        peer = f"http://127.0.0.1:{free_port()}"
        return [
            f"--data-dir={self._folder / 'etcd'}",
            "--unsafe-no-fsync",
            "--log-level=error",
            f"--listen-client-urls={self._etcd_url}",
            f"--advertise-client-urls={self._etcd_url}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        ]

    def _api_flags(self) -> list[str]:
        key = self._folder / "sa.key"
        return [
            f"--etcd-servers={self._etcd_url}",
            f"--secure-port={self.port}",
            "--bind-address=127.0.0.1",
            f"--cert-dir={self.ca_file.parent}",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            "--authorization-mode=RBAC",
            "--disable-admission-plugins=ServiceAccount",  # no kubelet mounts its tokens
            f"--service-account-issuer={self.url}/",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            f"--token-auth-file={self._folder / 'tokens.csv'}",
            "--profiling=false",
            "--event-ttl=10m",
        ]

    def _answers(self, url: str) -> bool:
        if url.startswith("https") and not self.ca_file.is_file():
            return False  # the API server writes it while it starts
        try:
            with urllib3.PoolManager(ca_certs=str(self.ca_file)) as pool:
                return bool(pool.request("GET", url, timeout=2, retries=False).status == 200)
        except urllib3.exceptions.HTTPError:
            return False
