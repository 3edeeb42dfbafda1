package dev.sluice.executor.protobuf;

/** A file of Protocol Buffers that cannot be used. The message is shown to authors. */
public final class ProtoException extends Exception {

    private static final long serialVersionUID = 1L;

    ProtoException(String message) {
        super(message);
    }
}
