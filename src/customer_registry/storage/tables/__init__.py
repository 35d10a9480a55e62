"""A store as tables: what every database that speaks SQL shares, whatever it is called."""
