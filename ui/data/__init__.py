"""The pages on the data and on where a figure comes from."""
