"""The addresses of the HTTP door, by what they are for."""
