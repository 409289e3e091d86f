"""Labelling of message archives: rows in, the same rows with labels out."""
