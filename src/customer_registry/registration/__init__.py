"""The use cases of a registry, one per file, on ports only."""
