package dev.sluice.executor.definition;

/** A place in the text of a document; line and column count from 1. */
record Place(int line, int column) {}
