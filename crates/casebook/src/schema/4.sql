-- A case, version 4: pictures, where they were seen, what is said of them.

-- What a report says of a picture, video or file: where it lies, what is given for those who can't see it, what stands below it. `medium` is
-- null where the report only names it.
CREATE TABLE medium_words (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL REFERENCES report (id),
    medium INTEGER REFERENCES medium (id),
    name TEXT NOT NULL,
    address TEXT,
    alt TEXT,
    caption TEXT,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
CREATE INDEX medium_words_report ON medium_words (report);
CREATE INDEX medium_words_medium ON medium_words (medium) WHERE medium IS NOT NULL;

-- A picture that was seen without a report: a file that somebody brought. Of a frame of a video, `video` is the film and `at_ms` when in it.
CREATE TABLE sighting (
    id INTEGER PRIMARY KEY,
    original INTEGER NOT NULL REFERENCES original (id),
    name TEXT NOT NULL,
    source TEXT,
    published TEXT,
    modified TEXT,
    video INTEGER REFERENCES original (id),
    at_ms INTEGER,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
CREATE INDEX sighting_original ON sighting (original);

-- A view: what was found in each picture, or why nothing could be. Ids are never used again, so that an index in memory can tell what is new.
CREATE TABLE picture (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    original INTEGER NOT NULL UNIQUE REFERENCES original (id),
    failure TEXT,
    format TEXT,
    width INTEGER,
    height INTEGER,
    pdq BLOB,
    quality INTEGER,
    details BLOB,
    findings TEXT,
    metadata TEXT,
    credentials TEXT
) STRICT;
