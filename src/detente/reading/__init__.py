"""Reading a saved news page: what is article and what is furniture, who said what through whom, and when."""
