"""The central claim, measured: stated weights, simply added up, are overconfident; the model is calibrated."""
