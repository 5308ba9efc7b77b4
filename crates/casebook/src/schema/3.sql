-- A case, version 3: all that is tested of an event in one index, so that a map and a timeline over all events need not read their rows.
CREATE INDEX event_overview ON event (day, first_day, last_day, origins, terms);
