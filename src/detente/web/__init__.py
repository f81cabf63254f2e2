"""The faces that are reached over a network: a relay of the exchange, and a witness."""
