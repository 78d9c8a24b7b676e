"""The error of a command that could not do its work."""

from contracts.errors import DoorstepError


class CommandFailed(DoorstepError):
    """Something outside the settings is in the way; the message says what to do about it."""
