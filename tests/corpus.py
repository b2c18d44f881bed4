"""Recorded payloads to try the code on, kept outside the project and named by STRIPE_CORPUS."""

import os
from pathlib import Path

# A folder, or None on a machine without one: tests that need it skip there, and say so.
CORPUS = Path(os.environ["STRIPE_CORPUS"]) if os.environ.get("STRIPE_CORPUS") else None
