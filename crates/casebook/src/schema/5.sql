-- A case, version 5: pictures to look at, which of them are alike, what stands written in them.

-- `preview` is a small JPEG made from what was decoded, `veil` a picture of a few pixels that stands in for it; `words` is text found in the
-- picture, in JSON; `turned` the seven PDQs that it would have if it were mirrored and turned. Pictures that are alike, directly or through
-- others, bear the same `cluster`: the number of one of them, and null until a picture is filed in the index.
ALTER TABLE picture ADD COLUMN preview BLOB;
ALTER TABLE picture ADD COLUMN veil BLOB;
ALTER TABLE picture ADD COLUMN words TEXT;
ALTER TABLE picture ADD COLUMN turned BLOB;
ALTER TABLE picture ADD COLUMN cluster INTEGER;
CREATE INDEX picture_cluster ON picture (cluster, id);

-- Frames of a video are asked for whenever it comes again.
CREATE INDEX sighting_video ON sighting (video) WHERE video IS NOT NULL;

-- A view: `later` shows the same as `earlier`, which was filed before it; `how` says in what way, in JSON, as seen from `later`.
CREATE TABLE likeness (
    later INTEGER NOT NULL,
    earlier INTEGER NOT NULL,
    how TEXT NOT NULL,
    PRIMARY KEY (later, earlier)
) STRICT, WITHOUT ROWID;
CREATE INDEX likeness_earlier ON likeness (earlier);

-- A view: why a picture or video is not shown to everybody. `report` is the one that says so, 0 where it is what stands with the picture
-- itself.
CREATE TABLE veil (
    original INTEGER NOT NULL REFERENCES original (id),
    reason TEXT NOT NULL,
    report INTEGER NOT NULL,
    PRIMARY KEY (original, reason, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX veil_report ON veil (report);

-- A view: what the words on a picture name, in JSON. It is made when the report is read, and made anew when it is read again.
CREATE TABLE caption (
    words INTEGER PRIMARY KEY REFERENCES medium_words (id),
    named TEXT NOT NULL
) STRICT;

-- A view: the index of fingerprints, lists of entries by key. A list stands in parts of some hundred entries, the oldest first; `place` is
-- its space, its key and the number of the part in one number.
CREATE TABLE picture_key (place INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
