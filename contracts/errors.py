"""The whole error tree. Each class says what a caller can do about it.

DoorstepError
├── ConfigurationError      a setting is wrong or missing: fix it and start again
├── NotFound                no such row, or not yours to see
├── Invalid                 the request is well-formed but cannot be taken
├── Conflict                the row is in a state that forbids the call
│   └── Erased              what was asked for was erased, and cannot come back
├── PreconditionFailed      it was changed meanwhile: read it again
├── LimitReached            it was asked for too often lately: wait, then ask again
├── StoreUnavailable        the database is locked, full, read-only or gone: try again
│   └── KeyMissing          data is sealed with a key that the settings do not have
├── SealBroken              a stored value does not open: somebody changed the database
├── EngineUnavailable       Temporal cannot be reached: try again
├── NameServerUnavailable   our name server does not answer: try again
└── Busy                    as much of this is under way as may be: try again
"""


class DoorstepError(Exception):
    """Base of every error raised on purpose; `str()` is safe to show and says what to do.

    `cause` names why, where pages say it in words of their own.
    """

    is_logged = False
    """Whether the log has it already: that something is away is said once, not at each call."""

    def __init__(self, message: str = "", *, cause: str | None = None) -> None:
        super().__init__(message)
        self.cause = cause


class ConfigurationError(DoorstepError):
    """A setting is wrong or missing."""


class NotFound(DoorstepError):
    """The named thing does not exist, or belongs to somebody else."""


class Invalid(DoorstepError):
    """The request names something that cannot be used; `field` says where.

    `field` is a dotted path into the request body, such as `partner_id`.
    """

    def __init__(self, message: str, *, field: str, cause: str | None = None) -> None:
        super().__init__(message, cause=cause)
        self.field = field


class Conflict(DoorstepError):
    """The thing exists, but its state forbids what was asked."""


class Erased(Conflict):
    """The event's data was erased: nothing of it can be sent any more."""


class PreconditionFailed(DoorstepError):
    """The thing is not what the caller took it for: it was changed since they read it."""


class LimitReached(DoorstepError):
    """So much is not allowed in a while; in `wait_s` seconds there is more."""

    def __init__(self, message: str, *, wait_s: int, cause: str | None = None) -> None:
        super().__init__(message, cause=cause)
        self.wait_s = wait_s


class StoreUnavailable(DoorstepError):
    """The database did not take the call; nothing was half-written."""


class KeyMissing(StoreUnavailable):
    """A row is encrypted with a key that is not in the settings; it opens once the key is there."""


class SealBroken(DoorstepError):
    """An encrypted value was changed, or moved to a place that it was not sealed for."""


class EngineUnavailable(DoorstepError):
    """Temporal did not answer in time."""


class NameServerUnavailable(DoorstepError):
    """Our own name server did not answer, so nobody can say where a name leads."""


class Busy(DoorstepError):
    """As many calls of this kind are under way as may be, of this caller or of all."""
