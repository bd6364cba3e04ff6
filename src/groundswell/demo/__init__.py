"""The demo: the whole road on 5,572 real text messages."""
