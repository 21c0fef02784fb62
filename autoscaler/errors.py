"""The rest of the exception tree; its root and its picture are in `forecast.errors`."""

from forecast.errors import MeetscaleError


class SpecError(MeetscaleError):
    """A resource, scenario or option with a wrong value."""


class OuterWorldError(MeetscaleError):
    """A server that could not be reached or did not answer as it should."""


class PrometheusError(OuterWorldError):
    """Prometheus refused a query, answered nonsense, or did not answer."""


class BandwidthError(OuterWorldError):
    """A bandwidth provider could not be reached, or did not answer as it should."""


class OrderRefusedError(BandwidthError):
    """The provider said no to an order: asking the same again would not help."""


class OrderConflictError(BandwidthError):
    """What is ordered, or the link itself, changed since it was read."""


class KubernetesError(OuterWorldError):
    """The API server refused a request, or did not answer."""


class WriteConflictError(KubernetesError):
    """Another field manager owns the field, or the object changed since it was read."""


class FieldOwnedError(WriteConflictError):
    """Another field manager owns the field; the message names it."""


class NotFoundError(KubernetesError):
    """There is no such object, or no such kind."""


class UnavailableError(KubernetesError):
    """The API server did not answer, or asked to be left alone for a while: worth trying again."""
