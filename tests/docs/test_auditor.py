"""Every command of the auditor's document is one the program takes, with these words."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from ledger.cli import main

TEXT = (Path(__file__).parents[2] / "docs/auditor.md").read_text()
COMMANDS = re.findall(r"(?:^\$ |`)billing ([^|`\n]*)", TEXT, re.MULTILINE)
NAMED_ONLY = {"verify", "explain purchase", "explain invoice", "explain subscription"}


@pytest.mark.parametrize("words", sorted(set(COMMANDS)))
def test_the_command_is_understood(words: str) -> None:
    assert_understood(main, shlex.split(words), named_only=words in NAMED_ONLY)


def assert_understood(command: click.Command, words: list[str], named_only: bool) -> None:
    """Walks down to the sub-command that takes the words; raises what click would say."""
    context = click.Context(main)
    while isinstance(command, click.Group) and words:
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None, f"there is no {name}"
        command = found
    assert not isinstance(command, click.Group)
    command.make_context("billing", words, resilient_parsing=named_only)


def test_there_are_ten_questions_with_an_answer_each() -> None:
    answers = re.split(r"^## \d+\. ", TEXT, flags=re.MULTILINE)[1:]

    assert len(answers) == 10
    assert all("$ billing " in answer for answer in answers)
