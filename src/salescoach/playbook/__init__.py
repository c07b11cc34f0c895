"""The method as data: models, lookups, loading and validation of playbooks."""
