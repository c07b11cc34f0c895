"""The coach's rules, one file a subject; each is a pure function of the situation that yields what it finds."""
