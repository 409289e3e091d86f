"""Corpora, training and evaluation. A sibling of `serve`: neither imports the other."""
