-- A case, version 2: lists of ids by key stand in two tables. Keys are hashes, so a new row may belong on any page of `posting`; what was
-- filed lately is in a small table that stays in memory, and goes over in the order of its keys, many rows to a page.
CREATE TABLE posting_recent (
    space INTEGER NOT NULL,
    key INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (space, key, id)
) STRICT, WITHOUT ROWID;

-- How many rows `posting_recent` has, and from where on they are taken over next.
CREATE TABLE posting_turn (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    recent INTEGER NOT NULL,
    space INTEGER NOT NULL,
    key INTEGER NOT NULL,
    id INTEGER NOT NULL
) STRICT;
INSERT INTO posting_turn VALUES (1, 0, 0, 0, 0);

-- Pictures, videos and files that came with a report, in the archive like its original.
CREATE TABLE medium (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (id),
    name TEXT NOT NULL,
    original INTEGER NOT NULL REFERENCES original (id),
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL,
    UNIQUE (report, name, original)
) STRICT;
CREATE INDEX medium_original ON medium (original);

-- Values by space and id in one number. A table of row ids, unlike the one before, keeps values of a kilobyte or two on the page.
CREATE TABLE value_of (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
INSERT INTO value_of SELECT space << 56 | id, value FROM blob WHERE id BETWEEN 0 AND (1 << 56) - 1 ORDER BY 1;
DROP TABLE blob;
