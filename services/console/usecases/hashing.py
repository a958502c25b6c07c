"""Hashing passwords: argon2, away from the event loop, and never too many at once."""

import asyncio
import functools

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from services.console.domain.passwords import make, one_form

AT_ONCE = 4
"""Each takes 64 MB while it is computed."""


class Hashing:
    """Makes and checks hashes. A check takes its time whether or not there is a user."""

    def __init__(self) -> None:
        self._argon2 = PasswordHash((Argon2Hasher(),))
        self._room = asyncio.Semaphore(AT_ONCE)

    @functools.cached_property
    def _nobodys(self) -> str:
        """A hash of nobody's password: checking against it takes as long as against a real one."""
        return self._argon2.hash(make())

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._argon2.hash, one_form(password))

    async def check(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Tell whether a password is right, and its newer hash where the parameters have moved on.

        With None as the hash the answer is no, after the same time.
        """
        async with self._room:
            return await asyncio.to_thread(self._check, one_form(password), password_hash)

    def _check(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        try:
            right, newer = self._argon2.verify_and_update(password, password_hash or self._nobodys)
        except UnknownHashError:
            return False, None
        return (right, newer) if password_hash is not None else (False, None)
