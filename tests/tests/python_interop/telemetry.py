"""OpenTelemetry's instrumentation, where it is told where to send traces."""

import os


def instrument(app=None):
    if "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" not in os.environ:
        return

    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.aio_pika import AioPikaInstrumentor
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument()
    AioPikaInstrumentor().instrument()
    if app is not None:
        FastAPIInstrumentor.instrument_app(app)
