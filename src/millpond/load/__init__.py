"""Read pipeline source of every form and collect what it defines."""
