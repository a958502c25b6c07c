"""Errors of the sandbox's own API as RFC 9457 problem details. Providers' errors are in their own forms."""

from http import HTTPStatus
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse


class ProblemError(Exception):
    """A refusal: the HTTP status, and a sentence that says what to do."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JSONResponse:
    """One problem as an answer."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": uuid4().hex,
    }
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status, media_type="application/problem+json")


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)  # noqa: S101  the handler is registered for it alone
        return problem(error.status, error.detail, error.errors)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  as above
        errors = [
            {"field": ".".join(str(part) for part in found["loc"][1:]), "message": str(found["msg"])}
            for found in error.errors()
        ]
        return problem(422, "Correct the fields named in `errors`; /api/openapi.json says what each takes.", errors)

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  as above
        return problem(error.status_code, f"{error.detail}. The sandbox's addresses are in /api/openapi.json.")

    app.add_exception_handler(ProblemError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
