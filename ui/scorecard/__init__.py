"""The scorecard: its words."""
