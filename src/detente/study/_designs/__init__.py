"""Point sets in the unit cube, one a file, and the way from the cube to stated distributions."""
