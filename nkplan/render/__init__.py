"""What a pipe or a file gets: whole values, row by row. Each module writes the format it is named after."""
