"""A channel of your own: each line you type is a customer's message (`!id` presses a button), and answers are printed.

It needs aiohttp alone, and of its environment: KEY, an API key that may `inbound:write`; CONNECTION and SECRET, as
POST /api/ingest/connections told them; ORIGIN, where Kith is; PORT, where `deliver_url` leads; CUSTOMER, who you are.
"""

import asyncio
import hashlib
import hmac
import os
import sys
import time
import uuid

from aiohttp import ClientSession, web

KEY, CONNECTION, SECRET = os.environ["KEY"], os.environ["CONNECTION"], os.environ["SECRET"]
ORIGIN, CUSTOMER = os.environ.get("ORIGIN", "http://127.0.0.1:8000"), os.environ.get("CUSTOMER", "ann")
SAID = {"connection_id": CONNECTION, "contact_id": CUSTOMER}
MOST_SECONDS = 300


async def post(path: str, item: dict[str, object]) -> None:
    """Hand an item to Kith, again and again with the same id for as long as it cannot be stored."""
    async with ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as kith:
        while True:
            async with kith.post(f"{ORIGIN}/api/ingest/{path}", json=SAID | item) as answer:
                told = await answer.json()
            error = told["items"][0]["error"] if answer.ok else {"message": told["detail"]}
            if answer.status < 500 and "try again" not in (error or {}).get("message", ""):  # noqa: PLR2004
                return print(f"refused: {error}" if error else f"{path}: accepted", flush=True)
            await asyncio.sleep(1)


async def deliver(request: web.Request) -> web.Response:
    """Take a message for the customer: check that it is Kith's and fresh, show it, and tell that it was read."""
    body, at = await request.read(), request.headers.get("X-Kith-Timestamp", "0")
    proof = "v1=" + hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof.encode(), request.headers.get("X-Kith-Signature", "").encode()):
        return web.json_response({"error": "this is not signed with our secret"}, status=401)
    if abs(time.time() - int(at)) > MOST_SECONDS:
        return web.json_response({"error": "this is too old"}, status=401)
    message, told = await request.json(), request.app["told"]
    if message["id"] not in told:  # a delivery may come again, with the same id
        buttons = "".join(f"  [{button['text']}: !{button['data']}]" for button in message["buttons"])
        print(f"kith> {message['text']}{buttons}", flush=True)
        told[message["id"]] = asyncio.create_task(post("receipts", {"message_id": message["id"], "status": "read"}))
    return web.json_response({"message_id": message["id"]})


async def main() -> None:
    """Serve `deliver_url`, and read lines until Ctrl-C."""
    app = web.Application()
    app["told"], lines = {}, asyncio.StreamReader()
    app.router.add_post("/deliver", deliver)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ.get("PORT", "8099"))).start()
    print("ready: type a message", flush=True)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while not lines.at_eof():
        line = (await lines.readline()).decode().strip()
        if line:
            what = {"type": "press", "data": line[1:]} if line.startswith("!") else {"text": line}
            await post("inbound", {"id": uuid.uuid4().hex, "sender": {"name": CUSTOMER.title()}, **what})
    await asyncio.Event().wait()  # no more to say; answers may still come


if __name__ == "__main__":
    asyncio.run(main())
