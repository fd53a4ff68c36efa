"""Run AUTO CDC flows: the events of a change feed into their target."""
