-- The bounds are those of src/items/model.rs: nobody else may put in what the service could not read.
CREATE TABLE items (
    -- Made by the service, UUIDv7: sorts by time.
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    quantity bigint NOT NULL CHECK (quantity BETWEEN 0 AND 1000000),
    -- Counts changes, from 1.
    version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
    -- By the database's clock, which all instances share.
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
