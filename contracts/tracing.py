"""Traces: what our code may ask of them, and the tracing that is off.

A trace follows one event through every process. What crosses from one to the next is a
`traceparent` (W3C Trace Context, https://www.w3.org/TR/trace-context/): the trace's id and that of
the span that goes on elsewhere. It crosses in a header of the OMS's request, in the outbox, in
Temporal's headers, and in a header of the webhook.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol

Attributes = Mapping[str, str | int | bool]
"""What a span says of itself: ids, states and codes. Nothing of a customer, no URL."""

TRACEPARENT = "traceparent"


class SpanKind(StrEnum):
    """Which end of a call a span is."""

    SERVER = "server"
    CLIENT = "client"
    PRODUCER = "producer"


class Span(Protocol):
    """One step of a trace, while it lasts."""

    @property
    def traceparent(self) -> str | None:
        """What the next process goes on from; None where tracing is off."""

    def add(self, attributes: Attributes) -> None:
        """Say more of it."""

    def rename(self, name: str) -> None:
        """Give it the name that is only known now."""

    def fail(self, error_type: str) -> None:
        """Mark it as failed, with a code or the name of an error's class."""


class Tracing(Protocol):
    """Makes spans."""

    def span(
        self,
        name: str,
        kind: SpanKind,
        attributes: Attributes,
        *,
        parent: str | None = None,
    ) -> AbstractContextManager[Span]:
        """A span around what is done inside, below the current one, or below the `parent` of
        another process. An error that goes through it marks it as failed, by its class alone."""

    def going_on_from(self, traceparent: str | None) -> AbstractContextManager[None]:
        """Spans that are made inside belong to this trace; None changes nothing."""

    def current_ids(self) -> Mapping[str, str]:
        """`trace_id` and `span_id` of the current span; empty where there is none."""


class _NoSpan:
    traceparent: str | None = None

    def add(self, attributes: Attributes) -> None:
        """Ignored: tracing is off."""

    def rename(self, name: str) -> None:
        """Ignored: tracing is off."""

    def fail(self, error_type: str) -> None:
        """Ignored: tracing is off."""


class _NoTracing:
    def __init__(self) -> None:
        self._span: AbstractContextManager[Span] = nullcontext(_NoSpan())
        self._nothing = nullcontext()

    def span(
        self,
        name: str,
        kind: SpanKind,
        attributes: Attributes,
        *,
        parent: str | None = None,
    ) -> AbstractContextManager[Span]:
        """A span that says nothing."""
        return self._span

    def going_on_from(self, traceparent: str | None) -> AbstractContextManager[None]:
        """Nothing goes on."""
        return self._nothing

    def current_ids(self) -> Mapping[str, str]:
        """There are none."""
        return {}


NO_TRACING: Tracing = _NoTracing()
"""Tracing that is off."""
