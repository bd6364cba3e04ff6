"""The labelling page and the prediction service over HTTP. Routes translate; everything else is the project's."""
