"""The value types a customer is made of, each usable alone."""
