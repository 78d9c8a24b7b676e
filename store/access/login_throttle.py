"""The login throttle: after too many wrong passwords in a while none is accepted.

An address counts whether somebody has it or not, so that the answer tells nothing. One client may
be wrong more often, since many people share an address behind a router (OWASP, Authentication
Cheat Sheet, "Account Lockout"). Of IPv6 a client has a whole /64, and often a
/48 of them.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from contracts.access.users import comparable_email
from store.encryption.sealing import email_index
from store.tables import LoginThrottleRow

LOCKED_FOR = timedelta(minutes=15)
MOST_OF_ADDRESS, MOST_OF_CLIENT, MOST_OF_SITE = 5, 50, 200


def is_locked(session: Session, email: str, client: str, now: datetime) -> bool:
    """Whether so many passwords were wrong lately that none is looked at now."""
    limits = _limits(session, email, client)
    query = select(LoginThrottleRow).where(col(LoginThrottleRow.key).in_(limits))
    return any(
        row.since > now - LOCKED_FOR and row.failures >= limits[row.key]
        for row in session.exec(query)
    )


def note_failure(session: Session, email: str, client: str, now: datetime) -> None:
    """Count a wrong password, and forget the counts of long ago."""
    session.execute(delete(LoginThrottleRow).where(col(LoginThrottleRow.since) <= now - LOCKED_FOR))
    for key in sorted(_limits(session, email, client)):  # always in one order: no deadlock
        first = insert(LoginThrottleRow).values(key=key, failures=1, since=now)
        one_more = {"failures": col(LoginThrottleRow.failures) + 1}
        session.execute(first.on_conflict_do_update(index_elements=["key"], set_=one_more))


def forgive(session: Session, email: str) -> None:
    """The password was right: the address's wrong ones no longer count."""
    session.execute(
        delete(LoginThrottleRow).where(col(LoginThrottleRow.key) == _of(session, email))
    )


def network_of(client: str) -> str:
    """The network that one client has to itself: an IPv4 address, an IPv6 /64."""
    return networks_of(client)[0]


def networks_of(client: str) -> Sequence[str]:
    """That network, and of IPv6 the /48 around it."""
    return tuple(_networks(client))


def _limits(session: Session, email: str, client: str) -> Mapping[str, int]:
    """How many may be wrong under each key. Keyed, all of them: who reads the table learns neither
    addresses nor clients."""
    clients = {
        f"client:{email_index(session, network)}": most
        for network, most in _networks(client).items()
    }
    return {_of(session, email): MOST_OF_ADDRESS, **clients}


def _of(session: Session, email: str) -> str:
    return f"address:{email_index(session, comparable_email(email))}"


def _networks(client: str) -> Mapping[str, int]:
    """The networks that a client's address counts for, and how many may be wrong from each."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return {client: MOST_OF_CLIENT}
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped is not None:
        return {str(mapped or address): MOST_OF_CLIENT}
    own, site = (ipaddress.ip_network((int(address), bits), strict=False) for bits in (64, 48))
    return {str(own): MOST_OF_CLIENT, str(site): MOST_OF_SITE}
