"""Tracing on and off: what is loaded, what is sent and what never is."""

import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from commands.ports import free_ports
from contracts.errors import ConfigurationError
from contracts.tracing import NO_TRACING, SpanKind
from telemetry.export import OnlyKnown
from telemetry.switch import started_telemetry
from tests.support.otlp import otlp_collector
from tests.support.traces import Collector

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
SECRET = "no such number: +919845012345"


@pytest.mark.extended
class TestOff:
    def test_nothing_is_traced(self) -> None:
        with (
            started_telemetry(wanted=False, service="doorstep-api") as telemetry,
            telemetry.tracing.span("accept", SpanKind.PRODUCER, {}) as span,
        ):
            assert telemetry.tracing is NO_TRACING
            assert span.traceparent is None
            assert telemetry.tracing.current_ids() == {}
        assert telemetry.interceptors == ()

    @pytest.mark.parametrize("process", ["commands.serve_api", "commands.serve_worker"])
    def test_nothing_of_it_is_loaded(self, process: str) -> None:
        code = f"import sys, {process}; print('opentelemetry.sdk' in sys.modules)"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert said.stdout.strip() == b"False"


class TestWithoutTheExtra:
    def test_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "telemetry.export", raising=False)
        monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
        with (
            pytest.raises(ConfigurationError) as caught,
            started_telemetry(wanted=True, service="doorstep-api"),
        ):
            pass
        assert "doorstep[telemetry]" in str(caught.value)
        assert caught.value.__suppress_context__


@pytest.mark.extended
class TestOn:
    def test_spans_reach_the_collector_by_the_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with otlp_collector() as collector:
            monkeypatch.setenv(ENDPOINT, collector.url)
            with (
                started_telemetry(wanted=True, service="doorstep-api") as telemetry,
                telemetry.tracing.span("accept", SpanKind.PRODUCER, {}),
            ):
                pass
        assert collector.spans == {("doorstep-api", "accept")}

    def test_the_standard_variable_names_the_service(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with otlp_collector() as collector:
            monkeypatch.setenv(ENDPOINT, collector.url)
            monkeypatch.setenv("OTEL_SERVICE_NAME", "shop-events")
            with (
                started_telemetry(wanted=True, service="doorstep-api") as telemetry,
                telemetry.tracing.span("accept", SpanKind.PRODUCER, {}),
            ):
                pass
        assert collector.spans == {("shop-events", "accept")}

    def test_a_collector_that_is_away_keeps_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        [port] = free_ports(1)
        monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{port}")
        with (
            started_telemetry(wanted=True, service="doorstep-api") as telemetry,
            telemetry.tracing.span("accept", SpanKind.PRODUCER, {}) as span,
        ):
            assert span.traceparent is not None


class TestWhatLeaves:
    def test_of_an_error_its_class_alone(self) -> None:
        collector = Collector()
        tracing = collector.telemetry("worker").tracing
        with pytest.raises(ValueError, match="no such"), tracing.span("x", SpanKind.SERVER, {}):
            raise ValueError(SECRET)
        [seen] = collector.spans
        assert seen.span.attributes == {"error.type": "ValueError"}
        assert not seen.span.status.is_ok
        assert SECRET not in seen.span.to_json()

    def test_of_a_library_s_span_what_is_listed(self) -> None:
        span = _exported_of_a_library()
        assert span.attributes == {"temporalWorkflowID": "event/evt_1"}
        [event] = span.events
        assert event.attributes == {"exception.type": "ValueError"}
        assert span.status.description is None
        assert SECRET not in span.to_json()


def _as_a_library_does(tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span("RunActivity:x") as span:
        span.set_attributes({"temporalWorkflowID": "event/evt_1", "url.query": "phone=98450"})
        raise ValueError(SECRET)


def _exported_of_a_library() -> ReadableSpan:
    memory, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(OnlyKnown(memory)))
    with pytest.raises(ValueError, match="no such"):
        _as_a_library_does(provider.get_tracer("a library"))
    [span] = memory.get_finished_spans()
    return span
