"""Documents on disk: files and what is in them, an index over them, and what takes care of them."""
