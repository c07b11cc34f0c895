"""The deal document and everything that changes it: models, operations, gates, migrations."""
