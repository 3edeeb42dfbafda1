package dev.sluice.executor.call.mcp;

import static dev.sluice.executor.call.RpcCalls.DEADLINE;
import static dev.sluice.executor.call.RpcCalls.outcomeIsUnknown;
import static dev.sluice.executor.call.RpcCalls.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.RpcCalls;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStatelessServerTransport;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStreamableServerTransportProvider;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

/** Calls of servers made by the protocol's own library for Java. */
final class McpServersTest {

    private static final McpSchema.ServerCapabilities TOOLS =
            McpSchema.ServerCapabilities.builder().tools(true).build();

    private final RpcCalls calls = new RpcCalls();
    private final AtomicReference<String> pinged = new AtomicReference<>("not asked");

    @AfterEach
    void close() {
        calls.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-03-26", "2025-06-18", "2025-11-25"})
    void withSessionsThatAnswerInStreams(String version) {
        try (Served server = streamable()) {
            JsonNode tools = output(calls.call(task(server, version, "tools/list", "{}")));
            assertThat(tools.path("tools").path(0).path("name").asString()).isEqualTo("weather");

            JsonNode sunny = output(calls.call(
                    task(server, version, "tools/call", "{ name: weather, arguments: { city: '${ .city }' } }")));
            assertThat(sunny.path("content").path(0).path("text").asString()).isEqualTo("sunny in Ulm, the-key");
            assertThat(pinged.get()).isEqualTo("answered");

            assertThat(outcomeIsUnknown(
                            calls.call(task(server, version, "tools/call", "{ name: nothing }")),
                            "runtime",
                            500,
                            "error -326"))
                    .isFalse();
        }
    }

    @Test
    void withoutSessionsThatAnswerInJson() {
        var transport = WebFluxStatelessServerTransport.builder()
                .messageEndpoint("/mcp")
                .build();
        var mcp = McpServer.async(transport)
                .serverInfo("stateless", "1")
                .capabilities(TOOLS)
                .validateToolInputs(false)
                .tools(new McpStatelessServerFeatures.AsyncToolSpecification(
                        tool(), (context, request) -> Mono.just(weather(request))))
                .build();
        try (Served server = new Served(transport.getRouterFunction(), mcp::closeGracefully)) {
            JsonNode sunny = output(calls.call(
                    task(server, "2025-06-18", "tools/call", "{ name: weather, arguments: { city: '${ .city }' } }")));
            assertThat(sunny.path("content").path(0).path("text").asString()).isEqualTo("sunny in Ulm, the-key");
            assertThat(output(calls.call(task(server, "2025-06-18", "tools/list", "{}")))
                            .path("tools"))
                    .hasSize(1);
        }
    }

    private Served streamable() {
        var transport = WebFluxStreamableServerTransportProvider.builder()
                .messageEndpoint("/mcp")
                .build();
        var mcp = McpServer.async(transport)
                .serverInfo("streamable", "1")
                .capabilities(TOOLS)
                .validateToolInputs(false)
                .tools(new McpServerFeatures.AsyncToolSpecification(
                        tool(),
                        (exchange, request) -> exchange.ping()
                                .doOnNext(pong -> pinged.set("answered"))
                                .thenReturn(weather(request))))
                .build();
        return new Served(transport.getRouterFunction(), mcp::closeGracefully);
    }

    private static McpSchema.Tool tool() {
        return McpSchema.Tool.builder("weather", Map.of("type", "object")).build();
    }

    private static CallToolResult weather(CallToolRequest request) {
        String key = String.valueOf(request.meta().get("dev.sluice/idempotency-key"));
        return CallToolResult.builder()
                .addTextContent("sunny in " + request.arguments().get("city") + ", " + key)
                .build();
    }

    private static String task(Served server, String version, String method, String parameters) {
        return """
                call: mcp
                with:
                  protocolVersion: '%s'
                  method: %s
                  parameters: %s
                  transport: { http: { endpoint: %s } }
                """.formatted(version, method, parameters, server.url());
    }

    /** A server on a port of its own. */
    private static final class Served implements AutoCloseable {

        private final DisposableServer server;
        private final java.util.function.Supplier<Mono<Void>> end;

        Served(RouterFunction<?> routes, java.util.function.Supplier<Mono<Void>> end) {
            this.end = end;
            this.server = HttpServer.create()
                    .host("127.0.0.1")
                    .port(0)
                    .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
                    .bindNow(DEADLINE);
        }

        String url() {
            return "http://127.0.0.1:" + server.port() + "/mcp";
        }

        @Override
        public void close() {
            end.get().block(DEADLINE);
            server.disposeNow(DEADLINE);
        }
    }
}
