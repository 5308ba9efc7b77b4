-- A case, version 1. What is recorded is never computed again and stands in the audit chain; views can be thrown away.

-- Name and id of the case, and the head of the audit chain.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One entry for every change of a recorded row, each hashed over the one before.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- The exact bytes as they came, in the archive under their hash.
CREATE TABLE original (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    media_type TEXT,
    first_seen TEXT NOT NULL
) STRICT;

CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    original INTEGER NOT NULL REFERENCES original (id),
    reference TEXT,
    title TEXT,
    url TEXT,
    source TEXT,
    author TEXT,
    published TEXT,
    language TEXT,
    text_sha256 BLOB NOT NULL,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL,
    status TEXT NOT NULL,
    status_why TEXT,
    provenance TEXT NOT NULL,
    text BLOB NOT NULL
) STRICT;
CREATE INDEX report_text ON report (text_sha256);
CREATE INDEX report_url ON report (url) WHERE url IS NOT NULL;
CREATE INDEX report_original ON report (original);
CREATE INDEX report_source ON report (source) WHERE source IS NOT NULL;

-- A report that we have, captured again with other bytes.
CREATE TABLE capture (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    original INTEGER NOT NULL REFERENCES original (id),
    provenance TEXT NOT NULL
) STRICT;
CREATE INDEX capture_report ON capture (report);
CREATE INDEX capture_original ON capture (original);

-- What made a reading.
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    model TEXT NOT NULL,
    lexicons TEXT NOT NULL,
    gazetteer TEXT NOT NULL,
    UNIQUE (program, model, lexicons, gazetteer)
) STRICT;

CREATE TABLE reading (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (id),
    version INTEGER NOT NULL REFERENCES version (id),
    current INTEGER NOT NULL,
    superseded_by INTEGER REFERENCES reading (id) DEFERRABLE INITIALLY DEFERRED,
    claims INTEGER NOT NULL,
    not_read TEXT,
    error TEXT,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    sha256 BLOB,
    json BLOB
) STRICT;
CREATE INDEX reading_report ON reading (report, id);
CREATE UNIQUE INDEX reading_current ON reading (report) WHERE current = 1;
CREATE INDEX reading_superseded_by ON reading (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT,
    value TEXT,
    why TEXT,
    undone_by INTEGER REFERENCES review (id)
) STRICT;
CREATE INDEX review_subject ON review (subject);

CREATE TABLE outlet (
    name TEXT PRIMARY KEY,
    owner TEXT,
    aliases TEXT NOT NULL,
    country TEXT,
    kind TEXT,
    reliability TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE export (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    format TEXT NOT NULL,
    filter TEXT NOT NULL,
    rows INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    manifest TEXT NOT NULL
) STRICT;

-- State of work: kept, but no evidence and not audited.
CREATE TABLE feed (url TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE seen (feed TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (feed, item)) STRICT, WITHOUT ROWID;

-- Views. Indexes of copies and of same events: ids by key, values by id.
CREATE TABLE posting (
    space INTEGER NOT NULL,
    key INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (space, key, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE blob (
    space INTEGER NOT NULL,
    id INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (space, id)
) STRICT, WITHOUT ROWID;

-- What one report says of one happening. Ids are never used again.
CREATE TABLE happening (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    report INTEGER NOT NULL,
    event INTEGER,
    local TEXT NOT NULL,
    claims TEXT NOT NULL,
    facts BLOB NOT NULL
) STRICT;
CREATE INDEX happening_report ON happening (report, event);
CREATE INDEX happening_event ON happening (event, report);

-- Happenings that are one event. `day` and `published` are what lists are sorted by; `terms` are the ids of the event's terms.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,
    first_day INTEGER,
    last_day INTEGER,
    origins INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    published INTEGER NOT NULL,
    updated TEXT NOT NULL,
    terms BLOB NOT NULL,
    published_first INTEGER,
    published_last INTEGER,
    kind TEXT,
    mode TEXT,
    summary TEXT NOT NULL,
    status TEXT NOT NULL,
    grade TEXT,
    disputed TEXT NOT NULL,
    edtf TEXT,
    place TEXT,
    country TEXT,
    admin1 TEXT,
    lat REAL,
    lon REAL,
    precision TEXT,
    killed_low INTEGER,
    killed_best INTEGER,
    killed_high INTEGER,
    reviewed INTEGER NOT NULL,
    detail BLOB NOT NULL
) STRICT;
CREATE INDEX event_day ON event (day);
CREATE INDEX event_published ON event (published);
CREATE INDEX event_origins ON event (origins);
CREATE INDEX event_reports ON event (reports);
CREATE INDEX event_updated ON event (updated);

CREATE TABLE event_party (
    event INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    role TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT,
    sector TEXT,
    PRIMARY KEY (event, nth)
) STRICT, WITHOUT ROWID;
CREATE TABLE event_place (
    event INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT,
    admin1 TEXT,
    PRIMARY KEY (event, nth)
) STRICT, WITHOUT ROWID;

-- Every distinct value that a filter can ask for, with the number of events that have it; and the events of each in order of their day.
CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    value TEXT NOT NULL,
    uses INTEGER NOT NULL,
    UNIQUE (kind, value)
) STRICT;
CREATE TABLE facet (
    term INTEGER NOT NULL,
    day INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (term, day, event)
) STRICT, WITHOUT ROWID;

-- Words of the reports; the texts themselves stand in `report`.
CREATE VIRTUAL TABLE full_text USING fts5 (
    title, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);-- Merging half as often makes adding a fifth faster; `Casebook::optimize` merges all.
INSERT INTO full_text (full_text, rank) VALUES ('automerge', 8);

-- Its words, each as often as it occurs: to find those that begin with some letters.
CREATE VIRTUAL TABLE full_text_words USING fts5vocab (full_text, instance);
