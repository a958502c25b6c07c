"""Structured logs: one JSON object a line, ids only. What may be personal never gets in."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

PERSONAL = frozenset(
    {
        "text", "name", "surname", "username", "phone", "email", "value", "token", "secret", "password", "api_key",
        "authorization", "cookie", "body", "raw", "card", "key", "contact_id", "title",
    }
)  # fmt: skip
"""Names under which something personal or secret might be logged by mistake."""


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out what must not be in a log, at any depth."""
    for name, value in event.items():
        if name in PERSONAL:
            event[name] = "[redacted]"
        elif isinstance(value, dict):
            event[name] = redact(_logger, _method, dict(value))  # pyright: ignore[reportUnknownArgumentType]
    return event


_TELLTALES = frozenset({"DuplicateKeyError", "BulkWriteError", "WriteError", "ValidationError", "OperationFailure"})
"""Errors whose own words repeat the values they are about."""


def _without_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for raised in event.get("exception") or ():
        if raised["exc_type"] in _TELLTALES:
            raised["exc_value"] = "[redacted]"
    return event


def configure(service: str, level: str) -> None:
    """Set up structlog, and send the standard library's warnings the same way."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _without_values,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
