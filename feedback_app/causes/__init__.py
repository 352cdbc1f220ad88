"""The catalogue of causes: three sides, codes that never change, labels in three languages."""
