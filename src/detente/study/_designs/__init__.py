"""Point sets in the unit cube, one per file, and the way from the cube to stated distributions."""
