//! Dictionaries in PETRARCH formats.
