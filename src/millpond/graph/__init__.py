"""Resolve names between datasets and flows, validate and order them."""
