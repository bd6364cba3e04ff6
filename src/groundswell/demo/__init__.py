"""The demo: the whole road on real text messages."""
