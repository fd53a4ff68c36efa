"""AUTO CDC as columns and plans: what a batch of changes makes of the rows of its keys.

Nothing here reads or writes a table; `millpond.engine.cdc.flow` does.
"""
