"""`/hooks/<channel>/<connection id>`: the way in for providers.

A bare ASGI callable, ahead of the framework: routing, middleware and dependency injection would cost more than all of
accepting a webhook does (`make bench`).
"""

import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest.channels.contract import Account
from services.ingest.usecases.accept import NO_SUCH_HOOK, NOT_GENUINE, NOT_POST, TOO_LARGE, Accept, Refusal
from shared.observability.metrics import REFUSED
from shared.web.problems import FieldError, ProblemError, body_of, internal_error
from shared.web.request_id import named_request, request_id

PREFIX = "/hooks/"
_JSON = (b"content-type", b"application/json")
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_PROBLEM = (b"content-type", b"application/problem+json")
_SERVICE_UNAVAILABLE = 503

log = structlog.get_logger(__name__)


class Hooks:
    """Answers webhooks itself and hands everything else on to the app."""

    def __init__(
        self, app: ASGIApp, accept: Accept, max_bytes: int, challenged: Callable[[str], Awaitable[None]]
    ) -> None:
        self._app = app
        self._accept = accept
        self._max_bytes = max_bytes
        self._challenged = challenged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        channel, _, connection_id = scope["path"][len(PREFIX) :].partition("/")
        try:
            account = self._accept.account(channel, connection_id)
            if scope["method"] == "GET" and account is not None and self._accept.asks_by_get(account):
                await self._prove(scope, send, account)
                return
            refusal = await self._take(scope, receive, account)
        except Exception:
            with named_request():
                log.exception("a webhook failed")
                REFUSED.labels("unknown", "ours").inc()
                await _answer(send, 500, json.dumps(body_of(internal_error())).encode(), _named(_PROBLEM))
            return
        if refusal is None:
            await _answer(send, 200, b"{}", [_JSON])
            return
        with named_request():
            await _refuse(send, refusal, connection_id if account is not None else None)

    async def _take(self, scope: Scope, receive: Receive, account: Account | None) -> Refusal | None:
        if scope["method"] != "POST":
            REFUSED.labels(account.channel if account else "unknown", NOT_POST.slug).inc()
            return NOT_POST
        if account is None:
            REFUSED.labels("unknown", NO_SUCH_HOOK.slug).inc()
            return NO_SUCH_HOOK
        body = await _body(receive, max(self._max_bytes, self._accept.most_bytes(account)))
        if body is None:
            REFUSED.labels(account.channel, TOO_LARGE.slug).inc()
            return TOO_LARGE
        return await self._accept.webhook(account, scope["headers"], body)

    async def _prove(self, scope: Scope, send: Send, account: Account) -> None:
        """Answer a provider that asks whether this address is ours, as plain text."""
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        answer = self._accept.challenge(account, query)
        if answer is None:
            with named_request():
                await _refuse(send, NOT_GENUINE, account.connection_id)
            return
        await self._challenged(account.connection_id)
        await _answer(send, 200, answer.encode(), [_TEXT])


async def _body(receive: Receive, most: int) -> bytes | None:
    """Read the body, or None once it is too large: no more than the limit is ever held."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > most:
            return None
        message = await receive()
        body += message.get("body", b"")
    return body if len(body) <= most else None


async def _refuse(send: Send, refusal: Refusal, connection_id: str | None) -> None:
    """Answer with a problem. The log names a connection only where there is one: an address may hold anything."""
    log.warning("webhook refused", status=refusal.status, why=refusal.slug, connection_id=connection_id)
    errors = [FieldError(field=refusal.field, message=refusal.detail)] if refusal.field else []
    problem = ProblemError(refusal.status, refusal.slug, refusal.detail, errors=errors)
    headers = _named(_PROBLEM)
    if refusal.status == _SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    if refusal is NOT_POST:
        headers.append((b"allow", b"POST"))
    await _answer(send, refusal.status, json.dumps(body_of(problem)).encode(), headers)


def _named(kind: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [kind, (b"x-request-id", request_id().encode())]


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
