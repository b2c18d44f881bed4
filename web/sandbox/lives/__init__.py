"""What people do: a table of life stories, lived by as many customers as asked for."""
