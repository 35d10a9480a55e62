-- When a verification last found nothing wrong.

ALTER TABLE customer_registry_meta ADD COLUMN checked TEXT;
