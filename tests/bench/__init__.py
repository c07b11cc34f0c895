"""`make bench`: what start-up, keys, lists and saves cost, beside minimal programs, in one run."""
