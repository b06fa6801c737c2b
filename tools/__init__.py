"""What is run by hand beside the dashboard: no figure is made by it."""
