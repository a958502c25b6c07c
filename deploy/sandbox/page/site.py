"""A website of somebody else's, with the chat on it as any site would have it: one script tag."""

import html
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from deploy.sandbox.problems import problem

_PAGE = Path(__file__).parent / "site.html"
_KEY = re.compile(r"wk_[0-9a-f]{24}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class SitePage:
    """Serves the page. `console_port` is where the chat's script comes from, on the host that the page is opened on."""

    def __init__(self, console_port: int) -> None:
        self._port = console_port

    async def answer(self, request: Request) -> Response:
        """Answer `/site?key=wk_…`. `language`, `color` and `hostile=1`, for styles that reach for all, may follow."""
        query = request.query_params
        key = query.get("key", "")
        language = query.get("language", "en")
        color = query.get("color", "")
        if not _KEY.fullmatch(key):
            return problem(404, "Open this page with the site key of a connection: /site?key=wk_…, as `make run` says.")
        if not _LANGUAGE.fullmatch(language) or (color and not _COLOUR.fullmatch(color)):
            return problem(422, "language is a tag such as de, color has the form #0b6e75.")
        origin = f"http://{request.url.hostname}:{self._port}"
        values = {
            "key": key,
            "origin": origin,
            "language": language,
            "direction": "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr",
            "color": f' data-color="{color}"' if color else "",
            "hostile": '<link rel="stylesheet" href="/page/hostile.css">' if query.get("hostile") == "1" else "",
        }
        page = _PAGE.read_text(encoding="utf-8")
        for name, value in values.items():
            page = page.replace(f"%{name}%", value if name in {"color", "hostile"} else html.escape(value))
        policy = f"default-src 'none'; script-src {origin}; connect-src {origin}; style-src 'self'; img-src 'self'"
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})
