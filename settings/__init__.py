"""Every setting, read from the environment, by the composition roots only.

`DOORSTEP_…` are ours, `TWILIO_…` the account's; `TEMPORAL_…` are read by the Temporal SDK's own
environment configuration. `.env.example` lists them all; a test holds the two together.
"""

from settings.environment import load_settings, temporal_options, temporal_ui
from settings.group import Network
from settings.model import Settings
from settings.names import variable_names
from settings.traces import traces_wanted

__all__ = [
    "Network",
    "Settings",
    "load_settings",
    "temporal_options",
    "temporal_ui",
    "traces_wanted",
    "variable_names",
]
