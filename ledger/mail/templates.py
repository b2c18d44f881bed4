"""Letters in words: each template is written once, and said in plain text and in HTML."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import NamedTuple

import jinja2

from ledger.checkout.brand import Brand
from ledger.mail.letter import Letter
from ledger.mail.words import FILTERS, card, item, line

MAYBE = ("next_try_at", "trial_ends_at", "next_bill_at", "covers_from", "covers_until")
MAYBE_PAID = ("payment", "payment_at", "open_bill", "next_bill", "over", "goes_on")
"""What a letter need not say."""


class Written(NamedTuple):
    """A letter as it is read."""

    subject: str
    text: str
    html: str


def written(template: str, language: str, letter: Letter, brand: Brand) -> Written:
    """The words of a letter. Raises jinja2.TemplateError for a template that does not fit it."""
    said = {
        **dict.fromkeys((*MAYBE, *MAYBE_PAID)),
        **{**letter.amounts, **letter.times, **letter.words},
        **{"item": item(letter.words, language), "app": brand.name, "url": brand.url},
    }
    name = f"{language}/{template}.jinja"
    text = _environment(language, "txt").get_template(name).render(said)
    html = _environment(language, "html").get_template(name).render(said)
    subject, _, body = text.partition("\n")
    lines = re.sub(r"(?<!^--)[^\S\n]+\n", "\n", body, flags=re.MULTILINE)
    return Written(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n", html)


@cache
def _environment(language: str, shape: str) -> jinja2.Environment:
    """What renders templates of a language as `txt` or `html`."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("ledger.mail"),
        autoescape=shape == "html",  # noqa: S701 - plain text is plain
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({name: partial(say, language=language) for name, say in FILTERS.items()})
    made.filters.update(card=card, line=line)
    made.globals["shape"] = f"shape.{shape}"
    made.globals["parts"] = made.get_template(f"parts.{shape}").module
    return made
