"""`/hooks/<channel>/<connection id>`: the way in for providers.

A bare ASGI callable, ahead of the framework: routing, middleware and dependency injection would cost more than all of
accepting a webhook does (`make bench`).
"""

import json

from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.usecases.accept import NO_SUCH_HOOK, TOO_LARGE, Accept, Refusal
from shared.observability.metrics import REFUSED
from shared.web.problems import FieldError, ProblemError, body_of

PREFIX = "/hooks/"
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_METHOD = ProblemError(405, "method-not-allowed", "Webhooks are sent with POST.")


class Hooks:
    """Answers webhooks itself and hands everything else on to the app."""

    def __init__(self, app: ASGIApp, accept: Accept, max_bytes: int) -> None:
        self._app = app
        self._accept = accept
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        if scope["method"] != "POST":
            await _answer(send, 405, json.dumps(body_of(_METHOD)).encode(), _PROBLEM)
            return
        refusal = await self._take(scope, receive)
        if refusal is None:
            await _answer(send, 200, b"{}", _JSON)
            return
        await _refuse(send, refusal)

    async def _take(self, scope: Scope, receive: Receive) -> Refusal | None:
        channel, _, connection_id = scope["path"][len(PREFIX) :].partition("/")
        account = self._accept.account(channel, connection_id)
        if account is None:
            REFUSED.labels("unknown", NO_SUCH_HOOK.slug).inc()
            return NO_SUCH_HOOK
        body = await self._body(scope, receive)
        if body is None:
            REFUSED.labels(channel, TOO_LARGE.slug).inc()
            return TOO_LARGE
        return await self._accept.webhook(account, scope["headers"], body)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """Read the body, or None once it is too large: no more than the limit is ever held."""
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > self._max_bytes:
                return None
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body"):
            if len(body) > self._max_bytes:
                return None
            message = await receive()
            body += message.get("body", b"")
        return body if len(body) <= self._max_bytes else None


async def _refuse(send: Send, refusal: Refusal) -> None:
    errors = [FieldError(field=refusal.field, message=refusal.detail)] if refusal.field else []
    problem = ProblemError(refusal.status, refusal.slug, refusal.detail, errors=errors)
    await _answer(send, refusal.status, json.dumps(body_of(problem)).encode(), _PROBLEM)


async def _answer(send: Send, status: int, body: bytes, kind: tuple[bytes, bytes]) -> None:
    headers = [kind, (b"content-length", b"%d" % len(body))]
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
