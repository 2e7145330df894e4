"""Draws for the practice town: the same for the same seed. Nothing secret is drawn by it."""

from random import Random


class Chance(Random):
    """Dice with a seed."""
