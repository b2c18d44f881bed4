"""What the auditors' role may: read all there is and all that will be made, and write nothing."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.store.names import Names

_STORE_PRIVILEGES = (
    SQL("GRANT USAGE ON SCHEMA {store} TO {auditor}"),
    SQL("GRANT SELECT ON {store}.events, {store}.positions TO {auditor}"),
)

_SHARED_PRIVILEGES = (
    SQL("GRANT SELECT ON {ledger}.migrations, {ledger}.seals TO {auditor}"),
    SQL("GRANT USAGE ON SCHEMA {projections}, {finance} TO {auditor}"),
)

# A schema may be shared with others, whose tables are not ours to show.
_TABLES_PRIVILEGES = (
    SQL(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {projections}, {finance}"
        " GRANT SELECT ON TABLES TO {auditor}"
    ),
    SQL("""
DO $$ DECLARE made regclass; BEGIN
  FOR made IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
               WHERE nspname IN ({schemas}) AND relkind IN ('r', 'v')
                 AND relowner = current_user::regrole LOOP
    EXECUTE format('GRANT SELECT ON %s TO %I', made, {name});
  END LOOP;
END $$"""),
)


def auditing(names: Names) -> Iterator[Composed]:
    """Statements that let auditors read the stores, and whatever the owner or the writer makes."""
    every = {
        field: Identifier(getattr(names, field))
        for field in ("ledger", "projections", "finance", "auditor")
    }
    for store in names.logs.values():
        for template in _STORE_PRIVILEGES:
            yield template.format(store=Identifier(store), auditor=every["auditor"])
    for template in _SHARED_PRIVILEGES:
        yield template.format(**every)
    schemas = SQL(", ").join([Literal(names.projections), Literal(names.finance)])
    for maker in (names.writer, names.owner):
        yield SQL("SET LOCAL ROLE {}").format(Identifier(maker))
        for template in _TABLES_PRIVILEGES:
            yield template.format(schemas=schemas, name=Literal(names.auditor), **every)
