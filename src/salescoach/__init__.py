"""A terminal sales coach on the six stages and twenty-four moves of selling to large customers."""

__version__ = "0.1.0"
