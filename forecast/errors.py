"""The root of Meetscale's one exception tree.

    MeetscaleError
    ├── HistoryError          a history, panel or event that cannot be read as one
    ├── SpecError             a resource, scenario or option with a wrong value  (autoscaler.errors)
    └── OuterWorldError       a server that did not answer as it should          (autoscaler.errors)

A message is one sentence that names the field or file, the value, and what would be right: the
command line prints it as it stands and exits with 2.
"""


class MeetscaleError(Exception):
    """Anything that Meetscale refuses or cannot do, said in one sentence for a person."""


class HistoryError(MeetscaleError):
    """A history, panel or event that cannot be read as one."""
