"""What joins the parts for :class:`groundswell.project.Project`: votes into tables, features, the road."""
