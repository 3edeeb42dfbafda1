package dev.sluice.executor.protobuf;

/** What a file is written in. */
enum Syntax {
    PROTO2,
    PROTO3,
    EDITION_2023
}
