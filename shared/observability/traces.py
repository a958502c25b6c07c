"""Traces through HTTP and Kafka headers, where an exporter is configured; nothing at all where none is."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

_on = False


def configure(service: str, endpoint: str | None) -> None:
    """Send spans to an OTLP endpoint over HTTP. Without one, spans are never made."""
    global _on  # noqa: PLW0603 - OpenTelemetry's provider is global as well
    if endpoint is None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider = TracerProvider(resource=Resource.create({"service.name": f"kith-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    _on = True


def current_traceparent() -> str | None:
    """Return the W3C traceparent of the span we are in, if any."""
    if not _on:
        return None
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(name: str, traceparents: Iterable[str] = ()) -> Generator[None]:
    """Run a piece of work inside a span that continues the given traces.

    One trace is continued as its child; several, as a batch has them, are linked.
    """
    if not _on:
        yield
        return
    parents = [propagate.extract({"traceparent": parent}) for parent in traceparents]
    contexts = [trace.get_current_span(parent).get_span_context() for parent in parents]
    parent = parents[0] if len(parents) == 1 else None
    links = [trace.Link(context) for context in contexts] if len(contexts) > 1 else []
    with trace.get_tracer("kith").start_as_current_span(name, context=parent, links=links):
        yield
