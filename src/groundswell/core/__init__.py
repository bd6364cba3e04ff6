"""The nouns: items, questions, answers, sources, votes, beliefs. No input or output; NumPy at most."""
