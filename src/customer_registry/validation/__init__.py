"""From what people type to what may be stored: readers, rules, and the engine that runs them."""
