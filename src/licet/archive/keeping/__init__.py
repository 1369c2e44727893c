"""How captures are kept: what they are called, how they are written, what is remembered of them."""
