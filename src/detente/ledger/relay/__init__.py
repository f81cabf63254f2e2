"""The optional relay of the exchange: what it keeps, who may read it, how it is checked and visited."""
