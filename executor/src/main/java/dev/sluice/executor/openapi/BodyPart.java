package dev.sluice.executor.openapi;

/** A field of a form. */
record BodyPart(String name, boolean required) {}
