"""The live stream, as a browser sees it."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Said:
    """One event of a stream; a comment has neither id nor data."""

    event: str
    data: Any = None
    id: str | None = None


class Stream:
    """Reads server-sent events."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> Said | None:
        """Give the next event or comment; None when the stream has ended."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            found: dict[str, str] = {}
            while line := (await self.answer.content.readline()).decode():
                line = line.removesuffix("\n")
                if not line:
                    return Said(found.get("event", "comment"), json.loads(found.get("data", "null")), found.get("id"))
                name, _, value = line.partition(":")
                found[name or "comment"] = value.removeprefix(" ")
        return None

    async def ready(self) -> int:
        """Read the first event; give the newest number."""
        said = await self.next()
        assert said is not None
        assert (said.event, said.id) == ("ready", None)
        return int(said.data["n"])

    async def changes(self, count: int) -> list[dict[str, Any]]:
        """Read that many changes; anything else but a comment or a mark is an error."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            said = await self.next()
            assert said is not None, "the stream ended"
            if said.event in {"comment", "mark"}:
                continue
            assert said.event == "change", said
            assert said.id == str(said.data["n"])
            found.append(said.data)
        return found
