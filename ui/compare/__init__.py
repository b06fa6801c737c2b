"""The page that compares places: words and chart."""
