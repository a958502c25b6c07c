"""Ids of clients that were merged answer 410 with their survivor, on every route that has a client's id in it."""

from collections.abc import AsyncGenerator, Callable

from fastapi import Request

from services.identity.routes.problems import absorbed
from services.identity.usecases.show_client import ShowClient
from shared.web.access import principal_of
from shared.web.problems import ProblemError

_NOT_FOUND = 404


def old_ids(show: ShowClient) -> Callable[[Request], AsyncGenerator[None]]:
    """Make the dependency. It costs nothing unless a route finds no such client."""

    async def watch(request: Request) -> AsyncGenerator[None]:
        try:
            yield
        except ProblemError as problem:
            id_ = request.path_params.get("id")
            if problem.status != _NOT_FOUND or "/clients/{id}" not in request.scope["route"].path or id_ is None:
                raise
            survivor = await show.survivor_of(principal_of(request).workspace_id, id_)
            if survivor is None:
                raise
            raise absorbed(survivor) from problem

    return watch
