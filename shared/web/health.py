"""Whether a service lives, and whether it can do its work now."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[bool]]
CHECK_SECONDS = 2.0


class Health:
    """Named checks. Not ready while draining, whatever they say."""

    def __init__(self, checks: Mapping[str, Check] | None = None) -> None:
        self._checks: dict[str, Check] = dict(checks or {})
        self._notes: dict[str, Callable[[], str | None]] = {}
        self.draining = asyncio.Event()
        self.routers: list[APIRouter] = []
        """What else an operator may ask of this process."""

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def note(self, name: str, trouble: Callable[[], str | None]) -> None:
        """Tell of a trouble beside the checks: one that leaves the service ready for all else."""
        self._notes[name] = trouble

    @property
    def troubles(self) -> dict[str, str]:
        """Return what there is to be told beside the checks."""
        told = {name: trouble() for name, trouble in self._notes.items()}
        return {name: words for name, words in told.items() if words}

    async def report(self) -> dict[str, bool]:
        """Run every check, each within two seconds."""

        async def one(check: Check) -> bool:
            try:
                return await asyncio.wait_for(check(), CHECK_SECONDS)
            except Exception:  # noqa: BLE001 - whatever it is, it is not ready
                return False

        results = await asyncio.gather(*(one(check) for check in self._checks.values()))
        return {"serving": not self.draining.is_set(), **dict(zip(self._checks, results, strict=True))}

    def router(self) -> APIRouter:
        """Return /health/live, /health/ready and /metrics."""
        router = APIRouter(include_in_schema=False)

        @router.get("/health/live")
        async def live() -> dict[str, bool]:
            return {"live": True}

        @router.get("/health/ready")
        async def ready(response: Response) -> dict[str, bool | dict[str, bool] | dict[str, str]]:
            checks = await self.report()
            is_ready = all(checks.values())
            response.status_code = 200 if is_ready else 503
            said: dict[str, bool | dict[str, bool] | dict[str, str]] = {"ready": is_ready, "checks": checks}
            return said | ({"troubles": self.troubles} if self.troubles else {})

        @router.get("/metrics")
        async def metrics() -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        for more in self.routers:
            router.include_router(more)
        return router
