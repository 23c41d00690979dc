"""Casefile: a desktop case-file organiser for analysts who work offline.

This package is the whole program without a screen.
"""

__version__ = "0.1.0"
