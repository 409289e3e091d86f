"""Labelled rows to bytes, one format a file. What a writer gives for one batch can stand behind that of another."""
