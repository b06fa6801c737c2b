"""The page on order, cleanliness and greening: words and tables."""
