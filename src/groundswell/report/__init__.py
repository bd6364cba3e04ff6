"""Pictures and reports: charts as inline SVG, and one self-contained HTML page."""

from __future__ import annotations

from groundswell.report import charts
from groundswell.report.page import Section, Stage, Table, html

__all__ = ["Section", "Stage", "Table", "charts", "html"]
