package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of MCP and A2A, valid and not. */
final class RpcCallsCompileTest {

    private static final String CARD = "https://agent.example/card.json";

    @Test
    void everythingThatMcpHas() {
        Task.MakeCall task =
                (Task.MakeCall) Documents.yaml(HEAD + """
                        do:
                          - a:
                              call: mcp
                              metadata: { sluice: { onUnknown: fail } }
                              with:
                                protocolVersion: '2025-11-25'
                                method: tools/call
                                parameters: { name: x, arguments: { a: '${ .a }' } }
                                timeout: { seconds: 5 }
                                client: { name: me, version: '2' }
                                transport:
                                  http:
                                    endpoint: { uri: 'https://mcp.example/{a}', authentication: { bearer: { token: t } } }
                                    headers: { X-A: b }
                                  options: {}
                              output: { as: '${ $authorization.scheme }' }
                        """).tasks().tasks().getFirst();
        McpCall call = (McpCall) task.call();
        assertThat(task.onUnknown()).isEqualTo(OnUnknown.FAIL);
        assertThat(call.protocolVersion()).isEqualTo("2025-11-25");
        assertThat(call.client()).isEqualTo(new McpCall.Client("me", "2"));
        assertThat(call.authentication()).isNotNull();
    }

    @Test
    void mcpIsRefusedWithReasons() {
        refuses(
                "{ call: mcp, with: { method: tool/call, transport: { stdio: { command: x } } } }",
                "/do/0/a/with/method 'tool/call' is not one of tools/list, tools/call, prompts/list, prompts/get, "
                        + "resources/list, resources/read, resources/templates/list (did you mean 'tools/call'?)",
                "/do/0/a/with/transport/stdio 'stdio' is not available: it would run a program on the executor's machine; "
                        + "use a server that speaks streamable HTTP, by 'http'");
        refuses(
                "{ call: mcp, with: { method: tools/list, protocolVersion: '2024-11-05', transport: {} } }",
                "/do/0/a/with/protocolVersion '2024-11-05' is not one of 2025-03-26, 2025-06-18, 2025-11-25 (did you mean '2025-11-25'?)",
                "/do/0/a/with/transport 'http' is missing");
        refuses(
                "{ call: mcp, with: { parameters: [], client: { name: a }, timeout: soon, transport: { http: {}, options: { a: b } } } }",
                "/do/0/a/with 'method' is missing",
                "/do/0/a/with/parameters must be an object or an expression ${ }, not a list",
                "/do/0/a/with/client 'version' is missing",
                "/do/0/a/with/timeout 'soon' is not an ISO 8601 duration, such as PT1M30S",
                "/do/0/a/with/transport/http 'endpoint' is missing",
                "/do/0/a/with/transport/options/a unknown property 'a'");
        refuses(
                "{ call: mcp, with: { method: tools/list, transport: { http: { endpoint: https://mcp.example }, "
                        + "options: { idleTimeout: soon, maxResponseBytes: '0', maxResponseByte: '1' } } } }",
                "/do/0/a/with/transport/options/idleTimeout 'soon' is not an ISO 8601 duration, such as PT1M30S",
                "/do/0/a/with/transport/options/maxResponseByte unknown property 'maxResponseByte' (did you mean 'maxResponseBytes'?)",
                "/do/0/a/with/transport/options/maxResponseBytes must be a whole number from 1 to 999999999");
        refuses(
                "{ call: mcp, with: { method: tools/list, transport: { http: { endpoint: https://mcp.example }, "
                        + "options: { idleTimeout: { seconds: 1 }, maxResponseBytes: 1 } } } }",
                "/do/0/a/with/transport/options/idleTimeout must be a string, not an object",
                "/do/0/a/with/transport/options/maxResponseBytes must be a string, not a number; put quotes around it");
        refuses(
                "{ call: mcp, with: { method: tools/list, extra: 1, transport: { http: { endpoint: ftp://x, "
                        + "headers: { Mcp-Session-Id: x, 'a b': c }, query: {} } } } }",
                "/do/0/a/with/extra unknown property 'extra'",
                "/do/0/a/with/transport/http/endpoint must be an absolute http or https URI",
                "/do/0/a/with/transport/http/headers/Mcp-Session-Id 'Mcp-Session-Id' is set by the protocol itself",
                "/do/0/a/with/transport/http/headers/a b 'a b' is not a valid header name",
                "/do/0/a/with/transport/http/query unknown property 'query'");
        refuses("{ call: mcp }", "/do/0/a 'with' is missing");
        refuses("{ call: mcp, with: { method: tools/list } }", "/do/0/a/with 'transport' is missing");
    }

    @Test
    void a2aIsRefusedWithReasons() {
        refuses(
                "{ call: a2a, with: { method: message/sent, parameters: {} } }",
                "/do/0/a/with needs 'agentCard' or 'server'",
                "/do/0/a/with/method 'message/sent' is not one of " + String.join(", ", A2aCall.METHODS)
                        + " (did you mean 'message/send'?)",
                "/do/0/a/with/parameters needs a property");
        refuses(
                "{ call: a2a, with: { method: tasks/get, server: { url: x }, parameters: id, timeout: PT1S } }",
                "/do/0/a/with/server 'uri' is missing",
                "/do/0/a/with/server/url unknown property 'url' (did you mean 'uri'?)",
                "/do/0/a/with/parameters must be an object or an expression ${ }, not a string",
                "/do/0/a/with/timeout unknown property 'timeout'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\":\"https://agent.example/rpc\"}",
                "{\"url\":\"https://agent.example/grpc\",\"preferredTransport\":\"GRPC\",\"additionalInterfaces\":"
                        + "[{\"transport\":\"JSONRPC\",\"url\":\"https://agent.example/rpc\"}]}",
                "{\"supportedInterfaces\":[{\"protocolBinding\":\"JSONRPC\",\"protocolVersion\":\"1.0\",\"url\":\"https://x.example\"},"
                        + "{\"protocolBinding\":\"JSONRPC\",\"protocolVersion\":\"0.3\",\"url\":\"https://agent.example/rpc\"}]}",
                "url: https://agent.example/rpc\nname: an agent in YAML"
            })
    void aCardSaysWhereTheAgentIs(String card) {
        assertThatCode(() -> read(card, "method: tasks/get, agentCard: { name: n, endpoint: '" + CARD + "' }"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"url\":\"https://x.example\",\"preferredTransport\":\"GRPC\"} | the agent takes GRPC and no JSONRPC",
                "{\"url\":\"agent/rpc\"} | the agent's url 'agent/rpc' is not an absolute http or https URI",
                "{\"name\":\"x\"} | the agent's url '' is not an absolute http or https URI",
                "[] | an agent's card is an object",
                "{\"supportedInterfaces\":[{\"protocolBinding\":\"JSONRPC\",\"protocolVersion\":\"1.0\",\"url\":\"https://x.example\"}]} "
                        + "| the agent takes no JSONRPC of A2A 0.3, whose methods the DSL names; later versions have other ones",
            })
    void aCardThatCannotBeUsedIsRefused(String card, String reason) {
        assertThat(refused(card, "method: tasks/get, agentCard: { endpoint: '" + CARD + "' }"))
                .containsExactly("/do/0/a/with/agentCard cannot be used: " + reason);
    }

    @Test
    void credentialsStayWhereTheyAreFor() {
        String secured = "method: tasks/get, agentCard: { endpoint: { uri: '" + CARD
                + "', authentication: { bearer: { token: t } } } }";
        assertThatCode(() -> read("{\"url\":\"https://agent.example/rpc\"}", secured))
                .doesNotThrowAnyException();
        assertThat(refused("{\"url\":\"https://other.example/rpc\"}", secured))
                .containsExactly(
                        "/do/0/a/with/agentCard the agent is at other.example, and credentials for agent.example "
                                + "are not sent there; name the agent by 'server' with its own authentication");
    }

    @Test
    void aCardIsFetchedWhenTheWorkflowIsDeployed() {
        RemoteDocuments remote = new RemoteDocuments();
        var _ = WorkflowDocuments.read(
                document("method: tasks/get, agentCard: { endpoint: '" + CARD + "' }"), Format.YAML, remote);
        assertThat(remote.missing()).extracting(RemoteDocuments.Reference::uri).containsExactly(URI.create(CARD));
        remote.fail(URI.create(CARD), "status 404");
        SluiceException refusal = catchThrowableOfType(
                SluiceException.class,
                () -> WorkflowDocuments.read(
                        document("method: tasks/get, agentCard: { endpoint: '" + CARD + "' }"), Format.YAML, remote));
        assertThat(refusal.violations().getFirst().detail()).isEqualTo("cannot be fetched: status 404");
    }

    private static void refuses(String task, String... violations) {
        assertThat(Documents.violations(HEAD + "do: [ { a: " + task + " } ]\n", Format.YAML).stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactlyInAnyOrder(violations);
    }

    private static List<String> refused(String card, String with) {
        SluiceException refusal = catchThrowableOfType(SluiceException.class, () -> read(card, with));
        return refusal.violations().stream()
                .map(violation -> violation.pointer() + ' ' + violation.detail())
                .toList();
    }

    private static Workflow read(String card, String with) {
        RemoteDocuments remote = new RemoteDocuments();
        remote.put(URI.create(CARD), card.getBytes(StandardCharsets.UTF_8));
        return WorkflowDocuments.read(document(with), Format.YAML, remote);
    }

    private static byte[] document(String with) {
        return (HEAD + "do: [ { a: { call: a2a, with: { " + with + " } } } ]\n").getBytes(StandardCharsets.UTF_8);
    }
}
