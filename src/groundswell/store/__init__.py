"""The vote log and everything transactional. The only code that knows SQL."""

from groundswell.store.base import Added, ColumnInfo, Event, Prediction, Store

__all__ = ["Added", "ColumnInfo", "Event", "Prediction", "Store"]
