//! Periodic patterns.
