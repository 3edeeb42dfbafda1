package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.bench.JavaHeap;
import dev.sluice.loadtest.compare.ProcessTree;

/**
 * What a service takes at a moment.
 *
 * @param heap     in use after a full collection
 * @param resident of the process, beyond the heap too
 */
record Memory(long heap, long resident) {

    /** Collects; the process stops for a moment. */
    static Memory of(long pid) {
        long resident = resident(pid);
        long heap = JavaHeap.liveBytes(pid)
                .orElseThrow(() -> new CapacityFailure("Process " + pid + " does not say how much heap it uses."));
        return new Memory(heap, resident);
    }

    static long resident(long pid) {
        return ProcessTree.of(pid).residentBytes();
    }

    /** Heap in bytes for each of so many. */
    String each(Memory before, int count) {
        return Math.max(0, heap - before.heap) / count + " bytes of heap";
    }

    @Override
    public String toString() {
        return Quantity.megabytes(heap) + " of heap after a full collection, " + Quantity.megabytes(resident)
                + " resident before it";
    }
}
