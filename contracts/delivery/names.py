"""Names that both sides of Temporal must agree on. They are part of running histories."""

TASK_QUEUE = "doorstep"
DELIVER_TRACKING_EVENT = "DeliverTrackingEvent"
REQUEST_RETRY = "request_retry"
STATUS = "status"
RECOVER_ENDPOINT = "RecoverEndpoint"
RECOVER = "recover"
SEND_NOTIFICATION = "SendNotification"
DELIVER_INSTRUCTIONS = "DeliverInstructions"
INSTRUCTION_GIVEN = "instruction_given"
SEND_INSTRUCTION_TEXT = "SendInstructionText"
RETENTION = "Retention"
RETENTION_SCHEDULE = "doorstep-retention"


class FailureType:
    """`ApplicationError.type` of what our activities raise: a code, never personal data."""

    PARTNER_FAILED = "PartnerFailed"
    """The partner's endpoint failed the attempt; charged, the schedule says when the next one
    is."""

    SMS_NOT_TAKEN = "SmsNotTaken"
    """Twilio refused for now and certainly sent nothing; tried again."""

    NOTIFICATION_NOT_TAKEN = "NotificationNotTaken"
    """A notification did not get through, and certainly was not taken; its schedule says when
    next."""

    INSTRUCTION_TEXT_NOT_TAKEN = "InstructionTextNotTaken"
    """A text about an instruction certainly was not sent for now; its schedule says when next."""

    STORE_UNAVAILABLE = "StoreUnavailable"
    """Our database did not answer; not charged, tried again soon."""

    OUR_NETWORK = "OurNetwork"
    """Nobody can be reached from here: not charged, tried again in half a minute, for ten minutes
    at most."""

    OUR_FAULT = "OurFault"
    """A mistake of ours stopped the attempt; not charged, tried again soon, ten times at most."""

    EVENT_UNKNOWN = "EventUnknown"
    """The database has no such event; the workflow cannot go on."""
