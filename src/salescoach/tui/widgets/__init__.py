"""The few widgets that every screen is made of, all on Textual's line API."""
