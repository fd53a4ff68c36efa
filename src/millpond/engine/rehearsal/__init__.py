"""Rehearse AUTO CDC: a pipeline's own events in several orders."""
