"""The index: a cache in SQLite, over what is in the documents' files, that can be deleted at any time."""
