"""The UCI SMS Spam Collection, bundled with its answers.

Almeida, Gómez Hidalgo and Yamakami (2011), doi:10.1145/2034691.2034742; CC BY 4.0, doi:10.24432/C5CC84.
"""

from __future__ import annotations

import gzip
import json
from importlib.resources import files

CITATION = "UCI SMS Spam Collection (Almeida, Gómez Hidalgo and Yamakami 2011), CC BY 4.0"


def messages() -> list[tuple[str, str]]:
    """(text, ``spam`` or ``ham``) of 5,572 messages, in the collection's order.

    Examples
    --------
    >>> len(messages()), sum(label == "spam" for _, label in messages())
    (5572, 747)
    """
    content = (files("groundswell.demo") / "data" / "sms_spam.jsonl.gz").read_bytes()
    rows = (json.loads(line) for line in gzip.decompress(content).decode("utf-8").splitlines())
    return [(row["text"], row["label"]) for row in rows]
