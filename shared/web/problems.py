"""Errors as problem details (RFC 9457): what is wrong, and what to do about it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pymongo.errors import ExecutionTimeout, NetworkTimeout, PyMongoError
from starlette.exceptions import HTTPException

from shared.messaging.publisher import BrokerAwayError
from shared.storage.transactions import StaleError, is_passing
from shared.web.request_id import request_id

log = structlog.get_logger(__name__)


class FieldError(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class ProblemDetails(BaseModel):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldError] | None = None


class ProblemError(Exception):
    """An answer other than success. `slug` names the kind of problem for programs, `detail` says what to do."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def not_found(what: str) -> ProblemError:
    """Say that there is no such thing in this workspace; another workspace's looks the same."""
    return ProblemError(404, "not-found", f"There is no such {what} in this workspace. Check the id.")


def invalid(field: str, message: str) -> ProblemError:
    """Say what is wrong with one field."""
    return ProblemError(422, "invalid", f"{field}: {message}", errors=[FieldError(field=field, message=message)])


def body_of(problem: ProblemError) -> dict[str, Any]:
    """Return the JSON of a problem."""
    found: dict[str, Any] = {
        "type": f"urn:kith:problem:{problem.slug}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": request_id(),
    }
    if problem.errors:
        found["errors"] = [error.model_dump() for error in problem.errors]
    return found | problem.more


def answer(problem: ProblemError) -> JSONResponse:
    """Return the response of a problem."""
    return JSONResponse(
        body_of(problem), problem.status, headers=problem.headers, media_type="application/problem+json"
    )


def install(app: FastAPI) -> None:
    """Answer every error of an app this way."""

    async def on_problem(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)  # noqa: S101 - how it is registered
        return answer(error)

    async def on_invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - how it is registered
        errors = [_field_error(e) for e in error.errors()]
        detail = "; ".join(f"{e.field}: {e.message}" for e in errors[:3])
        return answer(ProblemError(422, "invalid", detail, errors=errors))

    async def on_http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - how it is registered
        detail = _WORDS.get(error.status_code, str(error.detail))
        return answer(ProblemError(error.status_code, _slug(error.status_code), detail, headers=error.headers))

    async def on_database(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, PyMongoError)  # noqa: S101 - how it is registered
        if isinstance(error, (ExecutionTimeout, NetworkTimeout)):
            return answer(
                ProblemError(
                    503, "took-too-long", "This took too long. Narrow the search or the filter, then try again."
                )
            )
        if is_passing(error):
            return answer(_AWAY)
        log.error("the database refused", error=type(error).__name__, code=getattr(error, "code", None))
        return answer(_OURS)

    async def on_stale(_request: Request, _error: Exception) -> JSONResponse:
        return answer(_BUSY)

    async def on_broker(_request: Request, _error: Exception) -> JSONResponse:
        return answer(_AWAY)

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(PyMongoError, on_database)
    app.add_exception_handler(StaleError, on_stale)
    app.add_exception_handler(BrokerAwayError, on_broker)
    app.add_exception_handler(KafkaError, on_broker)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    """Name the field as the caller wrote it: without where the request has it, and without a place inside bad JSON."""
    if error["type"] == "json_invalid":
        return FieldError(field="body", message=f"this is not JSON: {error.get('ctx', {}).get('error', '')}".rstrip())
    place = error["loc"][1:] if error["loc"][:1] and error["loc"][0] in _PLACES else error["loc"]
    return FieldError(field=".".join(map(str, place)) or "body", message=error["msg"].removeprefix("Value error, "))


_PLACES = {"body", "query", "path", "header", "cookie"}
_WORDS = {
    404: "There is nothing at this address. The API's own page lists what there is: /api/<service>/docs.",
    405: "This address does not take that method.",
}
_AWAY = ProblemError(
    503,
    "away",
    "Something Kith needs is away for a moment. Nothing was changed; try again.",
    headers={"Retry-After": "2"},
)
_BUSY = ProblemError(
    503,
    "changed-meanwhile",
    "Others keep changing the same thing just now. Nothing was changed; try again in a moment.",
    headers={"Retry-After": "1"},
)
_OURS = ProblemError(500, "ours", "Something went wrong on our side. Nothing was changed, as far as we know.")


def _slug(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def internal_error() -> ProblemError:
    """Return the problem for what nobody foresaw."""
    return _OURS
