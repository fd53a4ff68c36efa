"""Expectations as columns of one plan, counted in the pass that writes."""
