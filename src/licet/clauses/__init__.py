"""The clause language: text to typed expression to an answer with three truth values."""
