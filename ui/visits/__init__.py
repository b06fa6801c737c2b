"""The page on visits: its choices and charts."""
