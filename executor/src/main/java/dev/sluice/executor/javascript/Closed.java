package dev.sluice.executor.javascript;

/** Where nothing runs that could call out. */
enum Closed implements QuickJs.Gate {
    GATE;

    @Override
    public void permit(String operation, long bytes) {
        throw new IllegalStateException("No script runs, but something asks for " + operation);
    }

    @Override
    public byte[] call(String operation, byte[] text) {
        throw new IllegalStateException("No script runs, but something asks for " + operation);
    }
}
