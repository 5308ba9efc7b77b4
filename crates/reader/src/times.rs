//! Times: expressions of date and duration, resolved to EDTF against the publication date and the text.
