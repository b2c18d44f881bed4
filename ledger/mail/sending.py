"""The effect of a mail: written to whom it concerns, posted under a key of its own."""

from __future__ import annotations

from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from ledger.mail.goods import with_goods
from ledger.mail.letter import Letter
from ledger.mail.posting import post
from ledger.mail.recipient import NoRecipient, Recipient, recipient
from ledger.mail.still import STILL
from ledger.mail.templates import Written, written
from ledger.reactions.effects import EffectFailed, Effects, Task, World
from ledger.settings.mail import LANGUAGES
from ledger.settings.reacting import Reacting

STALE = timedelta(days=7)
ON_ITS_WAY = timedelta(hours=1)  # so long a customer's address is waited for
TEMPLATES = (
    *("receipt", "payment_failed", "refund", "dispute", "card_expiring"),
    *("subscription_started", "subscription_changed", "subscription_cancelled"),
    *("subscription_ended", "will_renew", "trial_ending", "credits_bought", "credits_low"),
)
AHEAD = ("will_renew", "trial_ending")
"""What tells of the time to come, and so of what is subscribed to when it is sent."""


def send(task: Task, world: World) -> str | None:
    """Posts one mail, or says why there is none to post. Raises EffectFailed."""
    template = task.kind.removeprefix("mail.")
    letter = msgspec.convert(task.data, Letter)
    if world.clock() - letter.at > STALE:
        return "it is too long ago to be told"
    if template in STILL and not STILL[template](world, letter):
        return "it does not hold any more"
    try:
        to = recipient(world, letter.about)
    except NoRecipient as nobody:
        if nobody.so_far and world.clock() - task.due_at < ON_ITS_WAY:
            raise EffectFailed(str(nobody), alone=True) from None
        return str(nobody)
    by = world.settings.reacting
    told = with_goods(world, replace(letter, words={}) if template in AHEAD else letter)
    words = written(template, language(to, by), told, world.settings.brand)
    post(message(task, world, to.address, words), by)
    return None


def language(to: Recipient, by: Reacting) -> str:
    """The one the customer prefers, where there are templates in it."""
    preferred = (to.locale or "").partition("-")[0].lower()
    return preferred if preferred in LANGUAGES else by.language


def message(task: Task, world: World, to: Address, words: Written) -> EmailMessage:
    """The mail itself; a repeated one has the same Message-ID."""
    sender = Address(world.settings.brand.name, addr_spec=world.settings.reacting.sender)
    mail = EmailMessage(policy=SMTP if to.addr_spec.isascii() else SMTPUTF8)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = _plain(words.subject)
    mail["Date"] = world.clock()
    mail["Message-ID"] = f"<{sha256(task.id.encode()).hexdigest()[:32]}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Billing-Mail"] = task.kind.removeprefix("mail.")
    mail.set_content(words.text)
    mail.add_alternative(words.html, subtype="html")
    return mail


def _plain(subject: str) -> str:
    """As it is read: what looks like an encoded word would be decoded, and may hold a new line."""
    printable = "".join(each if each.isprintable() else " " for each in subject)
    return printable.replace("=?", "= ?")


MAILS: Effects = {f"mail.{template}": send for template in TEMPLATES}
"""Kind of reaction -> the effect, which is the same for all templates."""
