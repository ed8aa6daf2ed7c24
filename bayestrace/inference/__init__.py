"""From arrays to answers: pooling, face value, the signal model, its draws and its books."""
