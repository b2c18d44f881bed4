"""The two event stores in Postgres: appended to in groups, read in pages, never edited."""
