"""The customer document and everything that changes it: people and what is known of them."""
