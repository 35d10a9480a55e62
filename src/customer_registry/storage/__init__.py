"""Where customers are kept: in memory, in SQLite, or in a store of your own."""
