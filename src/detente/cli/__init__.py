"""The command line: a thin face over detente.api."""
