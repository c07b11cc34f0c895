"""The customers: their list, and each with its people, deals and actions."""
