package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.compare.ProcessTree;
import java.net.URI;
import java.util.List;

/**
 * A proxy that answers.
 *
 * @param title     in the table
 * @param target    what is asked for
 * @param headers   that each request has, as {@code Name: value}
 * @param processes whose CPU time counts
 */
record Contender(String title, URI target, List<String> headers, ProcessTree processes) {

    Contender {
        headers = List.copyOf(headers);
    }
}
