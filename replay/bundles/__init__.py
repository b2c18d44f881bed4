"""Bundles: history with its seals in plain files, to be read, checked and taken in elsewhere."""
