package dev.sluice.shared.local;

import java.nio.file.Path;

/** What {@code ./sluice up} ends with: where to go, the key, and two lines to paste. */
final class ReadyBlock {
    private ReadyBlock() {}

    static String text(String gateway, String apiKey, String outboundAllow, Path data, Path home) {
        return """

                Sluice is ready.

                  Gateway       %1$s
                  Admin API key %2$s
                  Data and logs %4$s
                  Workflows may reach the local addresses SLUICE_OUTBOUND_ALLOW=%3$s

                Deploy a workflow, then start a run and wait for its output:

                  curl -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/yaml' --data-binary @%5$s %1$s/v1/workflows
                  curl -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '{"name":"Ada"}' %1$s/v1/workflows/examples/hello/runs

                Ctrl-C stops everything.
                """.formatted(gateway, apiKey, outboundAllow, data, home.resolve("docs/examples/hello.yaml"));
    }
}
