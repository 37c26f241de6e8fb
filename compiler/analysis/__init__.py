"""What is known of an s-op before it is compiled: the kinds and values that it can have, and what selectors select."""
