"""Reading a buyer's message: text to language, issues, sentiment, entities, evidence.

Knows nothing of HTTP, of archives, or of how a model is trained.
"""
