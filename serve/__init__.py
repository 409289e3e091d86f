"""Policies, replies and the doors to them: HTTP, archives, the suggestion itself."""
