"""How often the engine is right: simulated studies, and scores of what is said of them."""
