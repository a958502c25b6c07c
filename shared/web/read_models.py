"""What this process keeps of others' states, for its operator: how much, its digest, and to have it made anew.

Each process answers for itself, at its own port. The question is signed with a key that follows from KITH_SECRET_KEY.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request

from shared.messaging.read_models import in_short
from shared.messaging.tail import Tail
from shared.sealing.signing import HEADER, is_signed, signature
from shared.web.problems import ProblemError

PATH = "/health/read-models"
PURPOSE = "read-models"
WITHIN_SECONDS = 300.0
"""How old a question may be."""


def question(secret_key: str, *, rebuild: bool) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a question."""
    body = json.dumps({"at": time.time(), "rebuild": rebuild}).encode()
    return body, {"Content-Type": "application/json", HEADER: signature(secret_key, PURPOSE, body)}


def read_models(tails: Sequence[Tail], secret_key: str) -> APIRouter:
    """Return the route that answers it."""
    router = APIRouter(include_in_schema=False)

    @router.post(PATH)
    async def answer(request: Request) -> list[dict[str, Any]]:
        body = await request.body()
        if not secret_key or not is_signed(secret_key, PURPOSE, body, request.headers.get(HEADER, "")):
            raise ProblemError(401, "not-signed-in", "Ask with `kith rebuild`, under this process's KITH_SECRET_KEY.")
        asked = json.loads(body)
        if abs(time.time() - asked["at"]) > WITHIN_SECONDS:
            raise ProblemError(401, "not-signed-in", "This question is too old, or the clocks differ. Ask again.")
        return [await _told(tail, rebuild=asked["rebuild"]) for tail in tails]

    return router


async def _told(tail: Tail, *, rebuild: bool) -> dict[str, Any]:
    if rebuild:
        made = await tail.rebuild()
        return {
            "topic": made.topic,
            "states": made.after.states,
            "digest": made.after.digest,
            "before": made.before.digest,
            "equal": not made.different,
        }
    known = in_short(tail.contents)
    return {"topic": tail.topic.name, "states": known.states, "digest": known.digest}
