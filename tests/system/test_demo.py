"""`billing demo` proves itself, again and again, and touches nothing but schemas of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from tests.system.installation import Installation
from web.sandbox.demo.story import NAMES as DEMO
from web.sandbox.demo.ways.run import DECLINED, WAYS
from web.sandbox.demo.ways.run import NAMES as SHOWN

SECTIONS = (
    *(*WAYS, DECLINED),
    "mails were written: ",
    "Who may use what (entitlements)",
    "What was paid (paid_invoices)",
    "Prepaid credits (balances)",
    "Deliveries",
    "every delivery answered 2xx is kept once",
    "the tables say what is true",
    "fingerprint",
)
THEIRS = """
SELECT n.nspname, c.relname, c.relkind, c.oid, c.relfilenode
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> ALL(%s) ORDER BY 1, 2
"""


def test_the_demo_holds_twice_and_leaves_the_rest_of_a_database_alone(
    installation: Installation, tmp_path: Path
) -> None:
    with psycopg.connect(installation.url) as connection:
        connection.execute("CREATE TABLE public.theirs AS SELECT 1 AS one")
    before = others(installation)

    told = [installation.run("demo", "--customers", "20") for _ in range(2)]

    for each in told:
        assert [section for section in SECTIONS if section not in each] == []
        assert "NO " not in each
    assert others(installation) == before
    pages = tmp_path / "data" / "demo-mails"
    assert len(list(pages.glob("*.eml.html"))) == len(list(pages.glob("*.eml")))
    assert f"read them in a browser: {pages / 'index.html'}" in told[0]
    assert ("public", "theirs") in [row[:2] for row in before]


def others(installation: Installation) -> list[tuple[Any, ...]]:
    """Every relation outside the demo's schemas, and the file it is in."""
    with psycopg.connect(installation.url) as connection:
        return connection.execute(THEIRS, [[*DEMO.schemas, *SHOWN.schemas]]).fetchall()
