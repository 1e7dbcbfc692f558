//! Measures of how well a picture shows its subject.
