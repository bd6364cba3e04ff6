"""The built page from the package, and the media files of the project."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from groundswell.app.problems import page
from groundswell.app.routes import Project
from groundswell.core.errors import NotFoundError

STATIC = Path(__file__).parent / "static"
FOR_EVER = "private, max-age=31536000, immutable"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSIBLE = (".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt")
_MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}\Z")
_MEDIA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page, ready to send."""

    body: bytes
    zipped: bytes | None
    media_type: str
    etag: str
    cache: str


class Pages:
    """The built page, read once: what is not among its files is not served, whatever the path says.

    Parameters
    ----------
    folder
        Where the build put it. Files below ``assets/`` carry a hash in their name and never change.
    """

    def __init__(self, folder: Path) -> None:
        self._assets = {}
        for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if file.is_file() and file.suffix in TYPES:
                name = file.relative_to(folder).as_posix()
                self._assets[name] = _asset(name, file.read_bytes(), file.suffix)

    def response(self, path: str, request: Request) -> Response:
        """The file at ``path``; the page itself for every path without an ending, so that its addresses work."""
        asset = self._assets.get(path)
        if asset is None and "." not in path.rpartition("/")[2]:
            asset = self._assets.get("index.html")
            if asset is None:
                return page(503, "The page is not built", "This copy of Groundswell lacks it. Run: make web")
        if asset is None:
            return page(404, "Nothing is here", "Go back to the project's first page.")
        headers = {"cache-control": asset.cache, "etag": asset.etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == asset.etag and asset.cache != "no-store":
            return Response(status_code=304, headers=headers)
        body = asset.body
        if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body = asset.zipped
            headers["content-encoding"] = "gzip"
        return Response(body, media_type=asset.media_type, headers=headers)


def _asset(name: str, body: bytes, ending: str) -> Asset:
    zipped = gzip.compress(body, 9, mtime=0) if ending in _COMPRESSIBLE and len(body) > 500 else None
    cache = FOR_EVER if name.startswith("assets/") else "no-store" if ending == ".html" else "no-cache"
    return Asset(body, zipped, TYPES[ending], f'"{hashlib.sha256(body).hexdigest()[:20]}"', cache)


def image_type(head: bytes) -> str | None:
    """The type of a raster image by its first 16 bytes, ``None`` for everything else.

    Examples
    --------
    >>> image_type(b"\\x89PNG\\r\\n\\x1a\\n" + bytes(8)), image_type(b"<svg onload=alert(1)>")
    ('image/png', None)
    """
    known = (
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
    )
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((name for magic, name in known if head.startswith(magic)), None)


router = APIRouter(include_in_schema=False)


@router.get("/media/{name}")
def media(name: str, project: Project) -> Response:
    """A media file. Its type comes from its bytes alone: pictures are shown, all else is only downloaded."""
    if not _MEDIA_NAME.match(name):
        raise NotFoundError("No such media file")
    path = project.media_path(name)
    try:
        with path.open("rb") as file:
            found = image_type(file.read(16))
    except OSError:
        raise NotFoundError("The media file is gone", where=name) from None
    return FileResponse(
        path,
        media_type=found or "application/octet-stream",
        headers={"content-security-policy": _MEDIA_POLICY, "cache-control": FOR_EVER},
        filename=name,
        content_disposition_type="inline" if found else "attachment",
    )


@router.get("/{path:path}")
async def built_page(path: str, request: Request) -> Response:
    """The page, for every address that is nothing else."""
    if path == "api" or path.startswith(("api/", "media/")):
        raise NotFoundError("Nothing is here", where=f"/{path[:200]}")
    pages: Pages = request.app.state.pages
    return pages.response(path, request)
