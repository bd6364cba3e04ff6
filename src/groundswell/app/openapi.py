"""``python -m groundswell.app.openapi``: the API's schema, from which the page's types are generated."""

from __future__ import annotations

import json
import sys
from typing import Any

from fastapi import FastAPI

from groundswell.app import routes, routes_reports


def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 schema of ``/api``."""
    app = FastAPI(
        title="Groundswell",
        version="1",
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=True,
    )
    app.include_router(routes.router)
    app.include_router(routes_reports.router)
    return app.openapi()


def text() -> str:
    """The schema as it is committed in ``web/openapi.json``."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
