"""Where seals are kept: appended by one function, each only after the one before."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.store.names import Names, lock_key

# `seal` is the signed line; `leaves` is what its root commits to, hashes that do not compress.
_SEALS = SQL("""
CREATE TABLE {ledger}.seals (
  log text COLLATE "C" NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  seal text COLLATE "C" NOT NULL,
  leaves bytea NOT NULL,
  PRIMARY KEY (log, number)
)""")

_UNCOMPRESSED = SQL("ALTER TABLE {ledger}.seals ALTER leaves SET STORAGE EXTERNAL")

# `was` is the last number before; unless the new one follows it, nothing happens. No log has a
# gap or a fork, then, however many sealers there are.
_ADD_SEAL = SQL("""
CREATE FUNCTION {ledger}.add_seal(log text, number bigint, seal text, leaves bytea, OUT was bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  PERFORM pg_advisory_xact_lock({lock});
  SELECT coalesce(max(s.number), 0) INTO was FROM {ledger}.seals s WHERE s.log = add_seal.log;
  IF was <> add_seal.number - 1 THEN RETURN; END IF;
  INSERT INTO {ledger}.seals (log, number, seal, leaves)
    VALUES (add_seal.log, add_seal.number, add_seal.seal, add_seal.leaves);
  IF current_setting('synchronous_commit') = 'off' THEN
    SET LOCAL synchronous_commit = on;
  END IF;
END $function$""")

_PRIVILEGES = (
    SQL("GRANT SELECT ON {ledger}.seals TO {writer}"),
    SQL("REVOKE ALL ON FUNCTION {ledger}.add_seal(text, bigint, text, bytea) FROM PUBLIC"),
    SQL("GRANT EXECUTE ON FUNCTION {ledger}.add_seal(text, bigint, text, bytea) TO {writer}"),
)


def seals(names: Names) -> Iterator[Composed]:
    """Statements that make the table of seals and the function that adds to it."""
    parts = {
        "ledger": Identifier(names.ledger),
        "writer": Identifier(names.writer),
        "lock": Literal(lock_key(f"{names.ledger}.seals")),
    }
    for template in (_SEALS, _UNCOMPRESSED, _ADD_SEAL, *_PRIVILEGES):
        yield template.format(**parts)
