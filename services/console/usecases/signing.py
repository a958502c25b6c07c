"""The key that signs access tokens: made at the first start, kept sealed, changed without a gap."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

import structlog
from pymongo.errors import PyMongoError

from services.console.domain import tokens
from services.console.domain.people import User
from services.console.domain.tokens import SigningKey
from services.console.store.signing_keys import NotFirstError, SigningKeys
from services.console.usecases import clock
from services.console.usecases.changes import Changes
from shared.contracts.event import StateEvent
from shared.contracts.ids import new_id
from shared.messaging.publisher import BrokerAwayError
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import Session
from shared.storage.transactions import is_passing

log = structlog.get_logger(__name__)

PURPOSE = "signing-key"
LOOK_AGAIN_SECONDS = 20.0
"""Well below `tokens.SETTLING`: another process may have made a new key."""


class CannotSignError(Exception):
    """There is no key that this process can sign with; the message says what to do."""


class Signing:
    """Signs tokens with the installation's current key."""

    def __init__(self, keys: SigningKeys, changes: Changes, secret_key: str) -> None:
        self._keys = keys
        self._changes = changes
        self._secret_key = secret_key
        self._known: list[tuple[SigningKey, str]] = []
        self._looked_at = float("-inf")

    @cached_property
    def _sealing(self) -> SecretKeys:
        return SecretKeys(self._secret_key)

    async def start(self) -> None:
        """See to it that there is a key, and wait for the database if need be.

        Raises `CannotSignError` where the key was sealed with a secret key that is gone.
        """
        _ = self._sealing  # a missing KITH_SECRET_KEY is said before anything is waited for
        pause = 0.2
        while True:
            try:
                await self._look()
                while not self._known:
                    await self._make_first()
                    await self._look()  # another's may be committed and not yet to be read: a majority comes later
            except (PyMongoError, BrokerAwayError) as error:
                if isinstance(error, PyMongoError) and not is_passing(error):
                    raise
                log.warning("the signing key waits", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)
            else:
                return

    async def sign(self, user: User, now: datetime) -> str:
        """Make an access token."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            await self._look()
        for key, private in self._known:
            if key.signs_from <= now:
                return tokens.sign(user, key_id=key.id, private_key=private, now=now)
        raise CannotSignError("There is no signing key yet.")

    async def rotate(self) -> SigningKey:
        """Make a new key. It takes over once every service knows it; the old one holds until its last token ends."""
        now = clock.now()
        new = self._new(now + tokens.HAND_OVER)

        async def change(session: Session) -> Sequence[StateEvent]:
            await self._keys.forget_private_parts(now, session)
            old = [key for key in await self._keys.can_sign(session) if key.not_after is None]
            for key in old:
                not_after = new.signs_from + tokens.SETTLING + tokens.TOKEN_LIFE
                await self._keys.retire(key.id, not_after, session)
            await self._keys.add(new, session)
            retired = await self._keys.states([key.id for key in old], session)
            return [key.state() for key in (*retired, new)]

        await self._changes.make(change, takes_away=False)
        self._looked_at = float("-inf")
        return new

    async def _make_first(self) -> None:
        first = self._new(clock.now())

        async def change(session: Session) -> Sequence[StateEvent]:
            await self._keys.add_first(first, session)
            return [first.state()]

        try:
            await self._changes.make(change, takes_away=False)
        except NotFirstError:
            log.info("another process made the signing key")

    def _new(self, signs_from: datetime) -> SigningKey:
        private, public = tokens.make_pair()
        return SigningKey(
            id=new_id("sig"),
            public_key=public,
            sealed_private_key=self._sealing.seal(tokens.WORKSPACE, PURPOSE, private),
            signs_from=signs_from,
            not_after=None,
            rev=1,
        )

    async def _look(self) -> None:
        found: list[tuple[SigningKey, str]] = []
        sealed = await self._keys.can_sign()
        for key in sealed:
            try:
                private = self._sealing.unseal(tokens.WORKSPACE, PURPOSE, key.sealed_private_key or "")
            except UnsealError as error:
                log.warning("a signing key cannot be opened", id=key.id, why=str(error))
            else:
                found.append((key, private))
        if sealed and not found:
            raise CannotSignError(
                "KITH_SECRET_KEY does not open the key that signs tokens. Give it back its earlier versions "
                "(<version>:<key>, the newest first), or make a new signing key with `kith keys rotate`."
            )
        self._known = found
        self._looked_at = time.monotonic()
