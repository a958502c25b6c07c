"""Graph's own addresses: /meta/v<version>/<id>[/<edge>]."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.courier import Courier
from deploy.sandbox.meta.desk import Asked, Desk, Outcome
from deploy.sandbox.meta.errors import GraphError, wrong
from deploy.sandbox.meta.state import State
from deploy.sandbox.wire import Reset, Silence

MOST_BYTES = 1_000_000
"""Enough for every call here, none of which takes a file."""
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")


@dataclass(frozen=True)
class GraphApi:
    """Translates between HTTP and the desk."""

    state: State
    desk: Desk
    courier: Courier

    def routes(self) -> list[Route]:
        """Every address under /meta; what is no version gets Graph's own refusal."""
        methods = ["GET", "POST", "DELETE"]
        return [
            Route("/meta/{version}/{id}/{edge}", self.call, methods=methods),
            Route("/meta/{version}/{id}", self.call, methods=methods),
            Route("/meta/{rest:path}", self.nothing, methods=methods),
        ]

    async def call(self, request: Request) -> Response:
        """One call."""
        path = request.path_params
        if not _VERSION.fullmatch(path["version"]):
            return await self.nothing(request)
        try:
            given = await _read(request)
        except GraphError as error:
            return JSONResponse(error.answer(), error.status)
        verb = cast('Literal["GET", "POST", "DELETE"]', "GET" if request.method == "HEAD" else request.method)
        bearer = request.headers.get("authorization", "")
        token = bearer[7:].strip() if bearer[:7].lower() == "bearer " else str(given.get("access_token", ""))
        asked = Asked(verb, path["id"], path.get("edge", ""), given, token, dict(request.headers))
        outcome = self.desk.take(asked)
        if outcome.account_id is not None:
            self.courier.wake(outcome.account_id)
        if outcome.wire == "silence":
            return Silence(self.state.live.stopping)
        if outcome.wire == "reset":
            return Reset()
        if outcome.seconds:
            await asyncio.sleep(outcome.seconds)
        return _answer(outcome)

    async def nothing(self, request: Request) -> Response:
        """Answer at an address that is none of Graph's."""
        error = GraphError(2500, f"Unknown path components: /{request.path_params.get('rest', '')}")
        return JSONResponse(error.answer(), error.status)


async def _read(request: Request) -> dict[str, Any]:
    """Gather the parameters of the query and of the body, which is JSON or a form. Raises GraphError."""
    given: dict[str, Any] = dict(request.query_params)
    if request.method != "POST":
        return given
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise wrong("The request is too large")
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return given | {name: _unpacked(value) for name, value in (await request.form()).items()}
    if not body.strip():
        return given
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise wrong("Invalid JSON in the body of the request") from None
    if not isinstance(found, dict):
        raise wrong("Invalid body: a JSON object is expected")
    return given | cast("dict[str, Any]", found)


def _unpacked(value: object) -> object:
    """Read a form's field: Graph takes JSON there."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _answer(outcome: Outcome) -> Response:
    headers = {"facebook-api-version": "v24.0"}
    if outcome.retry_after is not None:
        headers["Retry-After"] = str(outcome.retry_after)
    if isinstance(outcome.answer, str):
        return HTMLResponse(outcome.answer, outcome.status, headers)
    return JSONResponse(outcome.answer, outcome.status, headers)
