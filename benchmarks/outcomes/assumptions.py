"""Everything that the play assumes and does not measure, in one place, with where it comes from.

No public source has a curve for any of it, only single figures: what follows from these numbers is
a model, and is called so wherever it is shown.
"""

from datetime import UTC, datetime, timedelta, timezone

INDIA = timezone(timedelta(hours=5, minutes=30))
BEGINS = datetime(2026, 8, 31, tzinfo=INDIA)
"""A Monday, so that the weeks of the figures are those of the play."""

DAYS = 84

TIME_FACTOR = 30
"""What happens to one event happens so many times faster than in life: the schedule of 30 s, 2 min
and 8 min takes 1, 4 and 16 s. More would make milliseconds of this machine minutes of the play."""

OPERATOR_AFTER_S = 1_800.0
"""How long after a fault has ended somebody presses the button that sends again what it left."""

# The world before: the same orders, and merchants that ask once an hour.
POLL_EVERY_S = 3_600.0
"""The company's own case says 60 minutes."""
POLL_FAILS = 0.02
"""Of the polls, by themselves: a job that does not start, a token that ran out, a time-out. Beside
these, who is down at the moment of a poll does not poll."""

# Customers whose delivery failed.
ANSWERS = 0.4
"""So many open the page and say what is to be done, where they may. Shops that work on failed
deliveries write of a third to a half that can be reached (oneflowai.in, ndr-recovery-d2c-india)."""
WANTS_RETURN = 0.2
"""Of those: they do not want it any more. One parcel in four or five goes back in India."""
SUCCEEDS_AFTER_ANSWER = 0.92
"""The next attempt, where the customer asked for it. Without an answer it is 75 of 100
(`sandbox/parcels.py`). Providers claim 20 to 35 % more success (eshipz.com); this is 23 %."""
REDELIVERY_COST = "80.00"
"""Rupees for driving a parcel around once more: 80 to 120 is what couriers charge for the way there
(supermanager.co), the least of it is taken."""
SMS_PART_PRICE = "0.1725"

WRONG_PHONES = 0.015
"""Of the orders: a number that nobody has. One in ten failed deliveries names the phone as the
reason (bot.space), and about one delivery in eight fails."""

# Customers who call: see `calls.py` for the formula.
CALLS_WHEN_TOLD = 0.02
CALLS_WHEN_NOT = 0.06
"""The chance that somebody calls about one step of an order, told at once, and told an hour later
or never. With two steps and a little that makes 4 and 13 calls of 100 orders. Public figures are
shares of all requests to a shop, 18 (Gorgias, by get-squire.com) to 50 of 100 (17track.com): at one
request in three orders those are 6 to 17 calls of 100 orders."""
PATIENCE_S = 3_600.0
"""From one to the other the chance grows evenly with the time until somebody is told."""


def moment_of(offset_s: float) -> datetime:
    """The moment of the simulated clock, so many seconds after its beginning."""
    return (BEGINS + timedelta(seconds=offset_s)).astimezone(UTC)
