"""What pipeline source finds when it is evaluated: reads, names, and what is forbidden."""
