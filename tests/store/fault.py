"""A process that submits votes while something is wrong with the disk; run by ``test_faults.py``.

``python fault.py PLACE COUNT`` prints one JSON object: the errors that callers saw, how many votes were
acknowledged, how many the log held while it went on, and what verifying said after opening again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from groundswell import store
from groundswell.core.errors import StorageError
from groundswell.core.ids import uuid7
from groundswell.core.vote import Vote


def main(place: Path, count: int) -> dict[str, object]:
    """Submit; when that fails, read, remove the ballast if there is one, and go on."""
    errors: list[str] = []
    acknowledged: list[str] = []
    readable: list[bool] = []
    with store.open(place) as s:
        for k in range(count):
            vote = Vote(uuid7(), "q", 1, f"i{k % 10}", "ada", "spam", note="x" * 20_000)
            try:
                s.add_votes([vote])
                acknowledged.append(vote.key)
            except StorageError as error:
                errors.append(str(error))
                known = {found.key for found in s.votes("q", effective=False)}
                readable.append(known >= set(acknowledged))
                (place.parent / "ballast").unlink(missing_ok=True)
    with store.open(place) as s:
        log = {found.key for found in s.votes("q", effective=False)}
        verified = s.verify()
    return {
        "errors": errors,
        "acknowledged": len(acknowledged),
        "last_acknowledged": bool(acknowledged) and vote.key == acknowledged[-1],
        "readable": readable,
        "lost": len(set(acknowledged) - log),
        "verified": verified,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
