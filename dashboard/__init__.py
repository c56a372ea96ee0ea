"""Tables of a build, shown: queries, charts, readers and pages."""
