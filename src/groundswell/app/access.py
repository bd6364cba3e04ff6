"""Who is there: a token per start, signed links for persons, signed cookies for sessions."""

from __future__ import annotations

import getpass
import hashlib
import hmac
import logging
import os
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import HTTPException, Request

from groundswell.core.errors import InputError, StorageError
from groundswell.core.ids import check_name

log = logging.getLogger("groundswell.app")

SESSION_SECONDS = 30 * 86_400
"""How long a session lasts. It outlives a restart of the server, so that no answer waits in a browser for ever."""
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking. ``owner``: opened with the address that the terminal printed, without a person's link."""

    person: str
    owner: bool


@dataclass(frozen=True)
class Access:
    """The keys of one server: a token made at this start, and the project's secret, which signs.

    Examples
    --------
    >>> access = Access(secret=b"k" * 32, token="t", owner="ada")
    >>> access.session(access.cookie(Session("ben", owner=False)))
    Session(person='ben', owner=False)
    >>> access.session("forged") is None
    True
    >>> access.enter("t", None)
    Session(person='ada', owner=True)
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES), repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(SECRET_BYTES), repr=False)
    owner: str = field(default_factory=lambda: user_name())

    def __post_init__(self) -> None:
        if len(self.secret) < SECRET_BYTES:
            raise InputError(
                f"The secret has {len(self.secret)} bytes", hint=f"Give at least {SECRET_BYTES} random ones"
            )
        check_name(self.owner, "person")

    @property
    def cookie_name(self) -> str:
        """Of this project: cookies do not tell ports apart, so two projects on one machine need two names."""
        return f"groundswell_{hashlib.sha256(b'cookie name' + self.secret).hexdigest()[:12]}"

    def _sign(self, purpose: str, text: str) -> str:
        mac = hmac.new(self.secret, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return urlsafe_b64encode(mac.digest()).decode().rstrip("=")

    def query(self, person: str | None = None) -> str:
        """What stands behind ``?`` in the owner's address, or in a person's own.

        A person's token is made from this start's and the name: leaving the name out of the address does not make
        them the owner. Raises :class:`InputError` on a name that cannot be one.
        """
        if person is None:
            return f"token={self.token}"
        name = check_name(person, "person")
        return f"token={self._sign(f'token {self.token}', name)}&person={name}.{self._sign('person', name)}"

    def enter(self, token: str, link: str | None) -> Session | None:
        """The session that an address opens, or ``None`` if it is not one of this start."""
        if link is None:
            return Session(self.owner, owner=True) if same(token, self.token) else None
        person, _, signature = link.partition(".")
        if not same(signature, self._sign("person", person)):
            return None
        opens = same(token, self._sign(f"token {self.token}", person))
        return Session(person, owner=False) if opens else None

    def cookie(self, session: Session) -> str:
        """A signed cookie for a session that begins now."""
        text = f"{'owner' if session.owner else 'person'}.{session.person}.{int(time.time()) + SESSION_SECONDS}"
        return f"{urlsafe_b64encode(text.encode()).decode().rstrip('=')}.{self._sign('session', text)}"

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie, or ``None`` if it is forged or has ended."""
        body, _, signature = cookie.partition(".")
        try:
            text = urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        except ValueError:
            return None
        if not same(signature, self._sign("session", text)):
            return None
        role, person, ends = text.split(".")
        return Session(person, owner=role == "owner") if time.time() < int(ends) else None


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def user_name() -> str:
    """The name of the user of this computer, made fit to name a person; ``me`` if there is none.

    Examples
    --------
    >>> user_name() == check_name(user_name(), "person")
    True
    """
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # no such user, no environment: containers
        name = ""
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")[:63] or "me"


def project_secret(path: Path | None) -> bytes:
    """The random secret of a project: made at the first call, kept in a file that its owner alone can read.

    One that others could have read is made anew, and every session with it. Where the file system knows no
    permissions, the secret is kept for this start only.

    Parameters
    ----------
    path
        The project's folder; ``None`` gives a secret for this start only.

    Raises
    ------
    StorageError
        If the file cannot be read or made.
    """
    if path is None:
        return secrets.token_bytes(SECRET_BYTES)
    file = path / "secret.key"
    try:
        if file.exists():
            found = file.read_bytes()
            if len(found) == SECRET_BYTES and not _open_to_others(file):
                return found
            log.warning("%s was open to others or damaged: a new one is made, everybody opens their address anew", file)
            file.unlink()
        secret = secrets.token_bytes(SECRET_BYTES)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secret)
        if _open_to_others(file):
            log.warning("%s cannot be kept from others here: sessions end when the server stops", file)
            file.unlink()
    except OSError as e:
        raise StorageError(
            f"The project's secret cannot be kept: {e.strerror}", where=str(file), hint="Check who owns the folder"
        ) from None
    return secret


def _open_to_others(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & 0o077)


async def owner_only(request: Request) -> None:
    """Refuse sessions that were opened with a person's link."""
    session: Session = request.scope["groundswell.session"]
    if not session.owner:
        raise HTTPException(403, "Only the owner of the project sees this")
