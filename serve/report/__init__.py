"""The picture of a labelled archive: what buyers write about, when, in which language, of which article."""
