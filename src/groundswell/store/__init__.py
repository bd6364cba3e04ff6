"""The vote log and everything transactional. The only code that knows SQL."""

from groundswell.store.base import Added, ColumnInfo, Event, Prediction, Store
from groundswell.store.opening import open

__all__ = ["Added", "ColumnInfo", "Event", "Prediction", "Store", "open"]
