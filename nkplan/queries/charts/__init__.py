"""What the charts ask of the database, each in a module of the chart's name."""
