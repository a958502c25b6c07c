"""The web console's own files."""

import asyncio
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.web.problems import ProblemError

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
_CHAT = ("widget.js", "widget-panel.js", "assets/widget-panel-")
"""The website chat's files, which pages of others load."""
_FOR_OTHERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_ASSETS = "assets/"
"""Where the build puts files whose names change with what is in them."""
_SMALLEST_PACKED = 1024
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKABLE = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
_PACKED = {".br": "br", ".gz": "gzip"}
_NOT_BUILT = """<!doctype html><html lang=en><meta charset=utf-8><title>Kith</title>
<style>:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:40rem;margin:4rem auto;padding:0 1rem}
code{font-family:ui-monospace,monospace}</style>
<h1>The web console is not built yet</h1>
<p>In the checkout, run <code>make web</code>, then load this page again; <code>make run</code> does it by itself.
By hand: <code>npm ci</code> and <code>npm run build</code> in <code>services/console/web</code>.</p>
<p>The services run without it: <a href="/api/console/docs">the console's API</a>.</p></html>"""


@dataclass(slots=True)
class _File:
    content: bytes
    type: str
    etag: str
    cache: str
    packed: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """By encoding. gzip is made when first asked for, where the build did not bring it."""

    @property
    def is_packable(self) -> bool:
        return len(self.content) >= _SMALLEST_PACKED and self.type.startswith(_PACKABLE)


def _load(dist: Path) -> dict[str, _File]:
    found: dict[str, _File] = {}
    paths = sorted(path for path in dist.rglob("*") if path.is_file())
    for path in paths:
        if path.suffix in _PACKED:
            continue
        name = path.relative_to(dist).as_posix()
        content = path.read_bytes()
        guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[name] = _File(
            content,
            _TYPES.get(path.suffix, guessed),
            f'"{hashlib.sha256(content).hexdigest()[:20]}"',
            FOR_EVER if name.startswith(_ASSETS) else ASK_AGAIN,
        )
    for path in paths:
        name = path.relative_to(dist).as_posix()
        if path.suffix in _PACKED and name.removesuffix(path.suffix) in found:
            found[name.removesuffix(path.suffix)].packed[_PACKED[path.suffix]] = path.read_bytes()
    return found


class Pages:
    """The built front end, kept in memory; read again when it was built again."""

    def __init__(self, dist: Path) -> None:
        self._dist = dist
        self._files: dict[str, _File] = {}
        self._built_at = -1
        self._loading = asyncio.Lock()

    async def answer(self, path: str, *, accepts: str, has: str) -> Response:
        """Give a file. What is no file is a place inside the console, and the console's own page opens it."""
        await self._load_if_new()
        file = self._files.get(path)
        if file is None and (path.startswith(_ASSETS) or "." in path.rsplit("/", 1)[-1]):
            raise ProblemError(404, "not-found", "There is no such file.")
        file = file or self._files.get("index.html")
        if file is None:
            return Response(_NOT_BUILT, 503, headers={"Cache-Control": "no-store"}, media_type="text/html")
        headers = {"ETag": file.etag, "Cache-Control": file.cache, "Vary": "Accept-Encoding"}
        if path.startswith(_CHAT):
            headers |= _FOR_OTHERS
        if file.etag in has:
            return Response(status_code=304, headers=headers)
        content = file.content
        encoding = await _packed(file, accepts)
        if encoding is not None:
            content = file.packed[encoding]
            headers["Content-Encoding"] = encoding
        return Response(content, headers=headers | {"Content-Type": file.type})

    async def _load_if_new(self) -> None:
        try:
            built_at = (self._dist / "index.html").stat().st_mtime_ns
        except OSError:
            self._files, self._built_at = {}, -1
            return
        if built_at == self._built_at:
            return
        async with self._loading:
            if built_at != self._built_at:
                self._files = await asyncio.to_thread(_load, self._dist)
                self._built_at = built_at


async def _packed(file: _File, accepts: str) -> str | None:
    """Return the encoding in which to send a file, with the file packed that way; None for as it is."""
    accepted = {part.split(";")[0].strip() for part in accepts.split(",") if "q=0" not in part.replace(" ", "")}
    if "br" in accepted and "br" in file.packed:
        return "br"
    if "gzip" not in accepted or not file.is_packable:
        return None
    if "gzip" not in file.packed:
        file.packed["gzip"] = await asyncio.to_thread(gzip.compress, file.content, 9, mtime=0)
    return "gzip"


def page_routes(pages: Pages) -> APIRouter:
    """Return the route for all that no other route takes."""
    router = APIRouter(include_in_schema=False)

    async def page(request: Request, path: str = "") -> Response:
        if path.split("/", 1)[0] in {"api", "hooks", "widget", "health"}:
            raise ProblemError(
                404,
                "not-found",
                "There is nothing at this address. The API's own page lists what there is: /api/<service>/docs.",
            )
        return await pages.answer(
            path,
            accepts=request.headers.get("accept-encoding", ""),
            has=request.headers.get("if-none-match", ""),
        )

    router.add_api_route("/{path:path}", page, methods=["GET", "HEAD"])
    return router
