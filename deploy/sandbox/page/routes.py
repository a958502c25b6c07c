"""The page on which one writes as a person and sees the answers."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from deploy.sandbox.page.site import SitePage

_HERE = Path(__file__).parent


def page_routes(console_port: int) -> list[BaseRoute]:
    """List the addresses of the pages and their parts, and of the demo website."""
    return [
        Route("/", _page),
        Route("/mail", _mail),
        Route("/site", SitePage(console_port).answer),
        Mount("/page", StaticFiles(directory=_HERE / "static")),
    ]


async def _page(_: Request) -> Response:
    return HTMLResponse((_HERE / "page.html").read_text(encoding="utf-8"))


async def _mail(_: Request) -> Response:
    return HTMLResponse((_HERE / "mail.html").read_text(encoding="utf-8"))
