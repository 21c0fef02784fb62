"""Kubernetes behind the ports: lists, targets, status, events, plans and state in the cluster."""
