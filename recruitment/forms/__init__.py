"""Forms of recruitment: shape of the input."""
