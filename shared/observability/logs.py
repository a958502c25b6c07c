"""Structured logs: one JSON object a line, ids only. What may be personal never gets in."""

import logging
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import datetime
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


_THEIRS = frozenset({"exc_info", "_record", "_from_structlog"})
"""What structlog itself puts among the values on the way."""


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out what must not be in a log, at any depth."""
    for name, value in event.items():
        if name not in _THEIRS:
            event[name] = _redacted(name, value)
    return event


def _redacted(name: object, value: object) -> object:
    """Return what may be logged of a value. Of an object only its type: its own words may say anything."""
    if name in PERSONAL:
        return "[redacted]"
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        pairs: Mapping[object, object] = value  # pyright: ignore[reportUnknownVariableType]
        return {str(inner): _redacted(inner, one) for inner, one in pairs.items()}
    if isinstance(value, list | tuple | set | frozenset):
        many: Iterable[object] = value  # pyright: ignore[reportUnknownVariableType]
        return [_redacted(None, one) for one in many]
    return value.isoformat() if isinstance(value, datetime) else f"<{type(value).__name__}>"


_OWN_WORDS = frozenset(
    {
        "BrokerAwayError", "TooManyFailingError", "RecordTooLargeError", "UnsealError", "SecretKeyError", "StaleError",
        "KafkaConnectionError", "KafkaTimeoutError", "RequestTimedOutError", "NodeNotReadyError",
        "UnknownTopicOrPartitionError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError",
        "TimeoutError", "AutoReconnect", "NetworkTimeout", "NotPrimaryError", "ServerSelectionTimeoutError",
        "AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "UnboundLocalError", "RecursionError",
    }
)  # fmt: skip
"""Errors whose words never repeat the values they are about. Of all others the type and the place must do."""


def _exceptions(error: BaseException) -> list[dict[str, Any]]:
    return [_without_values(raised) for raised in _AS_DICTS((type(error), error, error.__traceback__))]


_AS_DICTS = ExceptionDictTransformer(show_locals=False)


def _without_values(raised: dict[str, Any]) -> dict[str, Any]:
    within = [[_without_values(one) for one in group] for group in raised.get("exceptions") or ()]
    known = raised["exc_type"] in _OWN_WORDS
    return raised | {
        "exc_value": raised["exc_value"] if known else "[redacted]",
        "exc_notes": [],
        "exceptions": within,
    }


def _render_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write an exception as its types and places. Where others log one, their words may quote it: one line stays."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None  # pyright: ignore[reportUnknownVariableType]
    if info is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = _exceptions(error)
        event["event"] = str(event.get("event", "")).split("\n", 1)[0]
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
            _render_exception,
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
                _render_exception,
                structlog.processors.EventRenamer("message"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
