"""The API over HTTP: an endpoint is one entry in its noun's table."""
