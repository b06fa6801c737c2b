"""Files that leave the dashboard: drawn from the same snapshot as the page, and carrying its id."""
