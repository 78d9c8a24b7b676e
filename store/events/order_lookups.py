"""How orders are looked up by each thing that somebody may know of them.

Each is looked up partner by partner, the newest orders first and no more than are shown, so that
a search takes as long whatever there is: a name that thousands have, the first letters of all.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.payload.search_terms import NumberKind, SearchText
from store.encryption.sealing import customer_term, phone_index
from store.events.search_terms import LAST_FOUR, NAME, pair_of
from store.tables import EventRow, PartnerRow

FoundRow = tuple[str, str, datetime]
"""A partner, an order of it, and when what was found came."""
Words = tuple[str, str | None]

_AFTER_ALL = "\U0010ffff"

_BY_NUMBER = """
    SELECT partner_id, found.* FROM unnest(%(partners)s::text[]) AS wanted(partner_id)
    CROSS JOIN LATERAL (
        SELECT order_id, kind, first_at FROM order_numbers
        WHERE order_numbers.partner_id = wanted.partner_id AND number = %(number)s
        ORDER BY first_at DESC LIMIT %(most)s
    ) AS found
"""
_BY_PART = """
    SELECT partner_id, found.* FROM unnest(%(partners)s::text[]) AS wanted(partner_id)
    CROSS JOIN LATERAL (
        SELECT order_id, kind, first_at FROM order_numbers
        WHERE order_numbers.partner_id = wanted.partner_id
            AND number > %(number)s AND number < %(end)s
        ORDER BY number DESC LIMIT %(most)s
    ) AS found
"""
_BY_TERMS = """
    SELECT wanted.partner_id, found.* FROM unnest(%(partners)s::text[], %(first)s::text[],
        %(second)s::text[]) AS wanted(partner_id, first, second)
    CROSS JOIN LATERAL (
        SELECT order_id, first_at FROM customer_terms AS one
        WHERE one.term = wanted.first AND one.partner_id = wanted.partner_id
            AND (wanted.second IS NULL OR EXISTS (SELECT FROM customer_terms AS other
                WHERE (other.partner_id, other.order_id, other.term)
                    = (one.partner_id, one.order_id, wanted.second)))
        ORDER BY first_at DESC LIMIT %(most)s
    ) AS found
"""


class Match(StrEnum):
    """What of an order was typed; those that name one thing come first."""

    ORDER = "order"
    REF = "ref"
    AWB = "awb"
    EVENT = "event"
    PHONE = "phone"
    LAST_FOUR = "last_four"
    NAME = "name"
    ORDER_PART = "order_part"
    REF_PART = "ref_part"
    AWB_PART = "awb_part"

    @property
    def is_exact(self) -> bool:
        """Whether it names an order, or a customer, and was typed in full."""
        return self in _EXACT

    @property
    def is_part(self) -> bool:
        """Whether only the beginning of it was typed."""
        return self.value.endswith("_part")


_EXACT = (Match.ORDER, Match.REF, Match.AWB, Match.EVENT, Match.PHONE)
_COLUMNS = ("first", "second")


def look_up(
    session: Session, asked: SearchText, *, owner: str | None, most: int
) -> Iterable[tuple[Match, list[FoundRow]]]:
    """What each meaning finds, of the owner where there is one, so many of each partner."""
    partners = [owner] if owner is not None else _all_partners(session)
    many = {"partners": partners, "most": most}
    if asked.number is not None:
        yield from _by_kind(_run(session, _BY_NUMBER, {**many, "number": asked.number}), "")
    if asked.part is not None:
        range_ = {"number": asked.part, "end": asked.part + _AFTER_ALL}
        yield from _by_kind(_run(session, _BY_PART, {**many, **range_}), "_part")
    if asked.event_id is not None:
        yield Match.EVENT, _by_event(session, asked.event_id, owner)
    for match, terms in _terms(session, asked, partners).items():
        columns = {name: [one[place] for one in terms] for place, name in enumerate(_COLUMNS)}
        rows = _run(session, _BY_TERMS, {**many, **columns})
        yield match, [(row[0], row[1], row[2]) for row in rows]


def _terms(
    session: Session, asked: SearchText, partners: Sequence[str]
) -> Mapping[Match, list[Words]]:
    """What is looked up of a customer: for each partner one digest or two."""
    terms: dict[Match, list[Words]] = {}
    if not partners:
        return terms
    if asked.phone is not None:
        terms[Match.PHONE] = [(phone_index(session, asked.phone), None)] * len(partners)
    if asked.last_four is not None:
        ends = asked.last_four
        terms[Match.LAST_FOUR] = [
            (customer_term(session, one, LAST_FOUR, ends), None) for one in partners
        ]
    if asked.words:
        terms[Match.NAME] = [_words(session, one, asked.words) for one in partners]
    return terms


def _words(session: Session, partner_id: str, words: Sequence[str]) -> Words:
    """The rarest first: two words together, and a third one."""
    said = [pair_of(*words[:2]), *words[2:]] if len(words) > 1 else words
    first, *others = [customer_term(session, partner_id, NAME, one) for one in said]
    return first, others[0] if others else None


def _by_kind(
    rows: Iterable[tuple[Any, ...]], ending: str
) -> Iterable[tuple[Match, list[FoundRow]]]:
    found: dict[Match, list[FoundRow]] = {}
    for partner_id, order_id, kind, first_at in rows:
        match = Match(f"{NumberKind(kind)}{ending}")
        found.setdefault(match, []).append((partner_id, order_id, first_at))
    return found.items()


def _by_event(session: Session, event_id: str, owner: str | None) -> list[FoundRow]:
    query = select_columns(
        col(EventRow.partner_id), col(EventRow.order_id), col(EventRow.accepted_at)
    ).where(col(EventRow.event_id) == event_id)
    if owner is not None:
        query = query.where(col(EventRow.partner_id) == owner)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _all_partners(session: Session) -> list[str]:
    return list(session.exec(select(PartnerRow.id).order_by(col(PartnerRow.id))))


def _run(session: Session, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    rows = session.connection().exec_driver_sql(statement, dict(values))
    return [tuple(row) for row in rows]
