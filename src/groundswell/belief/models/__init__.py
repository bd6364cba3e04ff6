"""One belief model per file, by its name in the literature."""
