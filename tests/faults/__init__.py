"""The proof by fault: a process is killed, frozen or failing at every instant that has a name, then checked."""
