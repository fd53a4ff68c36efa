"""What only a classic session can do, since Spark has no public way to ask for it: JVM access.

On Spark Connect everything here answers None or does nothing, and its callers do without. No
other code of the engine reaches into the JVM.
"""
