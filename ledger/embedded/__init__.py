"""Set-up without administrators: the project's tools, and a private PostgreSQL for one machine."""
