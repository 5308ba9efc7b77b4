//! Stage 8: tokens become spans, drafts become a reading.
