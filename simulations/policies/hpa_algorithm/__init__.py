"""The HorizontalPodAutoscaler's arithmetic, as Kubernetes 1.36 computes it. Pure.

Mirrors pkg/controller/podautoscaler of kubernetes v1.36.2 (Apache-2.0) and is held to the tables
of its tests: `replicas` is replica_calculator.go, `behavior` and `controller` are horizontal.go
without its API calls. Quantities are integers in milli-units, because the original truncates them
as such.
"""
