"""The labelling page and the prediction service over HTTP. Routes translate; everything else is the project's."""

from groundswell.app.access import Access
from groundswell.app.label import create
from groundswell.app.predict import create_predict
from groundswell.app.serving import bind, running, serve

__all__ = ["Access", "bind", "create", "create_predict", "running", "serve"]
