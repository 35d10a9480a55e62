"""Customer codes by the company's rule."""
