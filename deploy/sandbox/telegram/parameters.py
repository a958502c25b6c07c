"""The four ways in which the Bot API takes parameters: query string, JSON, form, multipart."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from deploy.sandbox.telegram.errors import TelegramError, bad_request

MOST_BYTES = 1_000_000
"""Enough for every method here, none of which takes a file."""


class Parameters:
    """One call's parameters by name. Telegram takes numbers and booleans as text, and text as numbers."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def text(self, name: str) -> str:
        """As text; empty where it is absent."""
        value = self.given.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """As a whole number; `default` where it is absent or none."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """As Telegram reads a boolean."""
        return self.text(name).lower() in {"true", "yes", "t", "y", "1", "on"}

    def object(self, name: str, otherwise: TelegramError) -> Any:  # noqa: ANN401  whatever JSON the caller sent
        """Read JSON, given as such or as text; None where it is absent. Raises `otherwise` where it is no JSON."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise otherwise from None


async def read(request: Request) -> Parameters:
    """Everything that came with a call. Raises `TelegramError` for what Telegram could not read either."""
    given: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TelegramError(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body:
        given.update(_body(kind, body, request))
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return Parameters(given)


def _body(kind: str, body: bytes, request: Request) -> dict[str, Any]:
    try:
        if kind == "application/json":
            parsed = json.loads(body)
            if not isinstance(parsed, dict):
                raise bad_request("object expected as the request body")
            return parsed
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        if kind == "multipart/form-data":
            return _multipart(request.headers["content-type"], body)
    except ValueError:
        raise bad_request("can't parse the request body; send JSON, a form or a multipart form") from None
    return {}


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    """Fields of a multipart form; files among them are left out."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and part.get_filename() is None and isinstance(content, bytes):
            fields[name] = content.decode()
    return fields
