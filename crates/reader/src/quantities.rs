//! Quantities: counts with bounds, approximation and role.
