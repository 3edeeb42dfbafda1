/** Files of Protocol Buffers as authors write them, and their messages as JSON (language guides proto2, proto3, editions; ProtoJSON). */
@NullMarked
package dev.sluice.executor.protobuf;

import org.jspecify.annotations.NullMarked;
