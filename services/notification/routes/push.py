"""The browsers that one is pushed to."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.notification.channels.push.seal import BrowserKeysError, browser_keys, pad
from services.notification.channels.push.send import AddressError, check_endpoint
from services.notification.routes.mine import user_of
from services.notification.store.push_key import PushKey
from services.notification.store.subscriptions import Browser, Subscriptions
from shared.web.access import ReadsRequests
from shared.web.problems import invalid
from shared.web.reach import Private


class PushKeyShape(BaseModel):
    """The installation's key for pushes."""

    public_key: str
    """For `PushManager.subscribe`: an uncompressed point of P-256, base64url."""


class BrowserKeysShape(BaseModel):
    """A browser's public key and secret, base64url."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class SubscriptionShape(BaseModel):
    """A `PushSubscription` as its `toJSON` gives it."""

    endpoint: str = Field(max_length=2000)
    keys: BrowserKeysShape


class EndpointShape(BaseModel):
    """The browser that is meant."""

    endpoint: str = Field(max_length=2000)


def push_routes(subscriptions: Subscriptions, push_key: PushKey, private: Private) -> APIRouter:
    """Return the routes of browsers that take pushes."""
    router = APIRouter(tags=["my notifications"])

    @router.get("/push/key")
    async def push_public_key(_principal: ReadsRequests) -> PushKeyShape:
        """Return the key with which a browser subscribes to pushes."""
        return PushKeyShape(public_key=pad(await push_key.public()))

    @router.put("/push/subscriptions", status_code=204, response_class=Response)
    async def put_push_subscription(principal: ReadsRequests, body: SubscriptionShape) -> None:
        """Push to this browser from now on; whoever had it before is pushed to there no more."""
        user_id = user_of(principal)
        try:
            check_endpoint(body.endpoint, private)
        except AddressError as error:
            raise invalid("endpoint", str(error)) from None
        try:
            browser_keys(body.keys.p256dh, body.keys.auth)
        except BrowserKeysError as error:
            raise invalid("keys", str(error)) from None
        await subscriptions.put(
            principal.workspace_id, user_id, Browser(body.endpoint, body.keys.p256dh, body.keys.auth)
        )

    @router.delete("/push/subscriptions", status_code=204, response_class=Response)
    async def delete_push_subscription(principal: ReadsRequests, body: EndpointShape) -> None:
        """Push no more to this browser. One that is not there is no error."""
        await subscriptions.remove(principal.workspace_id, user_of(principal), body.endpoint)

    return router
