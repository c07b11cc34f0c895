"""The deal document and everything that changes it: models and operations."""
