package dev.sluice.executor.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * Cuts the bytes of one response into elements as they come, holding no more than the element that is not complete. Used by
 * one subscriber at a time.
 *
 * @param <T> what an element is
 */
public interface ElementReader<T> {

    /**
     * Takes bytes, which it may keep, and hands out the elements that are complete with them.
     *
     * @throws MalformedStreamException when they are none, or one is larger than allowed
     */
    void feed(byte[] bytes, Consumer<T> elements);

    /**
     * Hands out what the end of the response makes complete.
     *
     * @throws MalformedStreamException when the response ends within an element
     */
    void end(Consumer<T> elements);

    /** The elements of a body, which is asked for more when all of those that came with its last bytes are taken. */
    default Flux<T> read(Flux<byte[]> body) {
        return batches(body).concatMapIterable(elements -> elements, 1);
    }

    /** The elements of a body, as many together as some of its bytes make complete. */
    default Flux<List<T>> batches(Flux<byte[]> body) {
        Flux<List<T>> complete = body.map(bytes -> {
            List<T> elements = new ArrayList<>();
            feed(bytes, elements::add);
            return elements;
        });
        Flux<List<T>> last = Flux.defer(() -> {
            List<T> elements = new ArrayList<>();
            end(elements::add);
            return Flux.just(elements);
        });
        return complete.concatWith(last);
    }
}
