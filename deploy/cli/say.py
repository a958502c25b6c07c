"""`kith say`: write to the business as a customer."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from deploy.cli import demo_file
from deploy.cli.output import AsJson, give_up, screen, tell_json
from deploy.cli.sandbox import PersonInChat, chat_id_at, named
from deploy.cli.say_meta import Looks, check, request
from deploy.local.layout import Home

Text = Annotated[str | None, typer.Argument(help="What they write; of a photo the caption; with --edit the new words.")]
Contact = Annotated[str | None, typer.Option(help="Share their own number (Telegram's card, Messenger's key).")]
OthersCard = Annotated[str | None, typer.Option(help="Share somebody else's card, with this phone number.")]
Photo = Annotated[bool, typer.Option("--photo", help="Send a photo.")]
Edit = Annotated[bool, typer.Option("--edit", help="Change the words of their last message.")]
Block = Annotated[bool, typer.Option("--block", help="Block the account.")]
Unblock = Annotated[bool, typer.Option("--unblock", help="Let the account in again.")]
Press = Annotated[str | None, typer.Option(help="Press the button that carries this data, or shows this text.")]
Name = Annotated[str, typer.Option("--as", help="Who writes. The same name is the same person the next time.")]
ChatId = Annotated[str | None, typer.Option(help="Their id on the channel; by default one that belongs to the name.")]
Language = Annotated[
    str | None, typer.Option(help="Telegram: the language of their app, such as en (usual), es or de.")
]
Username = Annotated[bool, typer.Option("--username", help="WhatsApp: show a username only, not the number.")]
Phone = Annotated[str | None, typer.Option(help="WhatsApp: their number; by default one that belongs to the name.")]
Comment = Annotated[bool, typer.Option("--comment", help="Instagram: write it below a post, for all to see.")]
Where = Annotated[
    str,
    typer.Option(
        "--connection", help="Where: telegram, whatsapp, messenger, instagram, or another name or id in demo.json."
    ),
]
Wait = Annotated[float, typer.Option(help="Seconds to wait for the answers.")]


_UNTOLD = {
    "untold": "done; the provider tells nobody of it",
    "no_webhook": "there is no webhook that could be told",
    "not_wanted": "the webhook asked for no updates of this kind",
}


def say(
    text: Text = None,
    *,
    contact: Contact = None,
    others_card: OthersCard = None,
    photo: Photo = False,
    edit: Edit = False,
    block: Block = False,
    unblock: Unblock = False,
    press: Press = None,
    name: Name = "Ada Lovelace",
    chat_id: ChatId = None,
    language: Language = None,
    username: Username = False,
    phone: Phone = None,
    comment: Comment = False,
    connection: Where = "telegram",
    wait: Wait = 3.0,
    as_json: AsJson = False,
) -> None:
    """Write to a bot, a number, a page or an account as a customer would, and show what it answers.

    The sandbox makes the provider's own update of it and sends that to the webhook, signed with the webhook's secret.
    """
    demo = demo_file.read(Home.of())
    to = demo.connection(connection)
    if to.site_key:
        give_up(f"{to.name} is a website; write on its page instead: {demo.sandbox}/site?key={to.site_key}")
    number = chat_id_at(to.channel, name) if chat_id is None else chat_id
    chat = PersonInChat(demo.sandbox, to, number)
    earlier = chat.messages()
    done = {
        "contact": {"own": True, "phone": contact} if contact else None,
        "card": {"own": False, "phone": others_card, "name": "Somebody Else"} if others_card else None,
        "press": button_of(earlier, press) if press else None,
        "edit": {"text": text} if edit else None,
        "photo": photo or None,
        "block": block or None,
        "unblock": unblock or None,
    }
    wished = {key: value for key, value in done.items() if value is not None}
    looks = Looks(name, username_only=username, phone=phone, language=language, comment=comment)
    check(to.channel, wished, looks)
    what = one_thing(wished, text)
    if to.channel == "telegram":
        became = chat.do({**what, "person": named(name, language or "en")})
    else:
        became = chat.do(request(to.channel, what, looks))
    after = max([became.get("message_id") or 0, *(message["id"] for message in earlier)])
    answers = [] if became["outcome"] != "delivered" else chat.answers(after, within=wait)
    if as_json:
        whose = {"account_id": to.account_id} if to.account_id else {"bot_id": to.bot_id}
        tell_json({"chat_id": number, **whose, "webhook": became, "answers": answers})
    else:
        _show(name, number, became, answers)
    if became["outcome"] not in {"delivered", "untold"}:
        raise typer.Exit(1)


def one_thing(done: dict[str, Any], text: str | None) -> dict[str, Any]:
    """Make the sandbox's request of the one thing that was asked for."""
    if len(done) > 1:
        give_up(f"One thing at a time, not {' and '.join(done)}.")
    if "card" in done:
        return {"contact": done["card"]}
    if "photo" in done:
        return {"photo": True} | ({"caption": text} if text else {})
    if "edit" in done and not text:
        give_up("Say what the words are changed to: kith say --edit 'new words'")
    if done:
        return done
    if not text:
        give_up("Say something: kith say 'hello', or one of the options (kith say --help).")
    return {"text": text}


def button_of(messages: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """Find the newest button of that data or text."""
    for message in reversed(messages):
        for button in message["buttons"]:
            if wanted in {button["data"], button["text"]} and button["data"] is not None:
                return {"message_id": message["id"], "data": button["data"]}
    there = [button["text"] for message in messages for button in message["buttons"]]
    return give_up(f"The bot showed no button {wanted!r}" + (f"; it showed {', '.join(there)}." if there else " yet."))


def _show(name: str, number: str, became: dict[str, Any], answers: list[dict[str, Any]]) -> None:
    status = f", status {became['status']}" if became["status"] else ""
    why = f": {became['error']}" if became["error"] else ""
    update = f"update {became['update_id']} {became['outcome']}" if became["update_id"] else _UNTOLD[became["outcome"]]
    screen.print(f"[dim]{escape(name)} ({number}): {update}{status}{escape(why)}[/dim]")
    for message in answers:
        screen.print(f"[bold]bot[/bold]  {escape(message['text'])}")
        if message["request_contact"]:
            screen.print("     [dim](asks for the phone number: kith say --contact +4791234567)[/dim]")
        for button in message["buttons"]:
            screen.print(f"     {escape('[' + button['text'] + ']')}  [dim]--press {escape(str(button['data']))}[/dim]")
    if not answers and became["outcome"] == "delivered":
        screen.print("[dim]No answer so far.[/dim]")
