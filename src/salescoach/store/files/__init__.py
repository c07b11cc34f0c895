"""Files and what is in them: read and written whole, locked, named, sealed, and kept as versions."""
