"""What Millpond needs on the machine: Java, jars, a class archive."""
