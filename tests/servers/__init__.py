"""Real servers for the tests, all on loopback, none of them outliving the test run.

`python -m tests.servers` builds or fetches them once (`binaries`), and the fixtures of
`tests/conftest.py` start them: a Kubernetes control plane (`plane`), Karpenter (`karpenter`),
Prometheus (`prometheus`), an SFU (`livekit`) with `participants`.
Played are only kubelets (`kubelet`) and what is scraped (`exporter`).
"""
