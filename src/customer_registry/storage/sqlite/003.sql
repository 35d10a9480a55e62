-- When a verification last found nothing wrong.

ALTER TABLE customer_registry_meta ADD COLUMN checked TEXT;

-- CRC-32 of the document: what nothing else repeats could change unseen on its way to the disk.

ALTER TABLE customer_registry_customers ADD COLUMN checksum INTEGER;

-- What reporting tools read: a row of plain texts for each customer, and nothing sensitive. Documents
-- leave out what is as usual. Contacts are asked as the library asks them, the primary one first.
-- Of the JSON functions only json_each may be used where a schema is not trusted.

CREATE VIEW customer_registry_report AS
SELECT
    code,
    name,
    short_name,
    kind,
    status,
    grade,
    category,
    industry,
    owner,
    department,
    sales_region,
    (SELECT value FROM json_each(contact, '$.name')) AS contact,
    COALESCE(
        (
            SELECT number.value || COALESCE(';ext=' || extension.value, '')
            FROM json_each(contact, '$.phones') AS phone
            JOIN json_each(phone.value, '$.number') AS number
            LEFT JOIN json_each(phone.value, '$.extension') AS extension
            ORDER BY phone.key
            LIMIT 1
        ),
        (
            SELECT number.value || COALESCE(';ext=' || extension.value, '')
            FROM json_each(contacts) AS each
            JOIN json_each(each.value, '$.phones') AS phone
            JOIN json_each(phone.value, '$.number') AS number
            LEFT JOIN json_each(phone.value, '$.extension') AS extension
            ORDER BY each.key, phone.key
            LIMIT 1
        )
    ) AS phone,
    COALESCE(
        (SELECT value FROM json_each(contact, '$.emails') ORDER BY key LIMIT 1),
        (
            SELECT email.value
            FROM json_each(contacts) AS each
            JOIN json_each(each.value, '$.emails') AS email
            ORDER BY each.key, email.key
            LIMIT 1
        )
    ) AS email,
    CASE WHEN address IS NOT NULL THEN COALESCE((
        SELECT value FROM json_each(address, '$.country')
    ), 'CN') END AS country,
    (SELECT value FROM json_each(address, '$.region')) AS region,
    (SELECT value FROM json_each(address, '$.locality')) AS city,
    (SELECT value FROM json_each(address, '$.district')) AS district,
    (SELECT group_concat(value, ', ') FROM json_each(tags)) AS tags,
    replace(substr(created_at, 1, 19), 'T', ' ') AS created_at,
    replace(substr(updated_at, 1, 19), 'T', ' ') AS updated_at,
    version
FROM (
    SELECT
        *,
        (SELECT value FROM json_each(addresses) ORDER BY key LIMIT 1) AS address,
        COALESCE(
            (
                SELECT each.value
                FROM json_each(contacts) AS each
                JOIN json_each(each.value, '$.is_primary') AS mark
                WHERE mark.value
                ORDER BY each.key
                LIMIT 1
            ),
            (SELECT value FROM json_each(contacts) ORDER BY key LIMIT 1)
        ) AS contact
    FROM (
        SELECT
            customer.code,
            customer.version,
            max(CASE field.key WHEN 'name' THEN field.value END) AS name,
            max(CASE field.key WHEN 'short_name' THEN field.value END) AS short_name,
            max(CASE field.key WHEN 'kind' THEN field.value END) AS kind,
            COALESCE(max(CASE field.key WHEN 'status' THEN field.value END), 'active') AS status,
            max(CASE field.key WHEN 'grade' THEN field.value END) AS grade,
            max(CASE field.key WHEN 'category' THEN field.value END) AS category,
            max(CASE field.key WHEN 'industry' THEN field.value END) AS industry,
            max(CASE field.key WHEN 'owner' THEN field.value END) AS owner,
            max(CASE field.key WHEN 'department' THEN field.value END) AS department,
            max(CASE field.key WHEN 'sales_region' THEN field.value END) AS sales_region,
            max(CASE field.key WHEN 'contacts' THEN field.value END) AS contacts,
            max(CASE field.key WHEN 'addresses' THEN field.value END) AS addresses,
            max(CASE field.key WHEN 'tags' THEN field.value END) AS tags,
            max(CASE field.key WHEN 'created_at' THEN field.value END) AS created_at,
            max(CASE field.key WHEN 'updated_at' THEN field.value END) AS updated_at
        FROM customer_registry_customers AS customer
        JOIN json_each(CAST(customer.document AS TEXT)) AS field
        GROUP BY customer.place
    )
);
