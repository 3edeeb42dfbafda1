package dev.sluice.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.config.DelegatingWebFluxConfiguration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

/** The whole path over a real connection: routes, filter, exception handler. */
final class ProblemExceptionHandlerTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static DisposableServer server;
    private static HttpClient client;
    private static AnnotationConfigApplicationContext context;

    @BeforeAll
    static void start() {
        context = new AnnotationConfigApplicationContext();
        context.register(DelegatingWebFluxConfiguration.class);
        context.registerBean(RequestIdentityFilter.class);
        context.registerBean(ProblemExceptionHandler.class);
        context.registerBean(RouterFunction.class, ProblemExceptionHandlerTest::routes);
        context.refresh();
        HttpHandler handler = WebHttpHandlerBuilder.applicationContext(context).build();
        server = KeepReading.on(HttpServer.create())
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow(DEADLINE);
        client = HttpClient.newBuilder().connectTimeout(DEADLINE).build();
    }

    @AfterAll
    static void stop() {
        client.shutdownNow();
        server.disposeNow(DEADLINE);
        context.close();
    }

    @Test
    void rendersAProblemWithRetryAfterAndKeepsHeadersAlreadySet() throws Exception {
        HttpResponse<byte[]> response = get("/unavailable", "X-Request-Id", "mine.1");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
        assertThat(header(response, "retry-after")).isEqualTo("2");
        assertThat(header(response, "ratelimit")).isEqualTo("\"key\";r=0;t=2");
        assertThat(response.headers().allValues("x-request-id")).containsExactly("mine.1");
        assertThat(json(response).path("type").stringValue()).isEqualTo("urn:sluice:problem:unavailable");
        assertThat(json(response).path("requestId").stringValue()).isEqualTo("mine.1");
    }

    @Test
    void replacesAMalformedRequestId() throws Exception {
        HttpResponse<byte[]> response = get("/unavailable", "X-Request-Id", "a b");
        assertThat(header(response, "x-request-id")).hasSize(36);
    }

    @Test
    void showsNothingOfADefect() throws Exception {
        HttpResponse<byte[]> response = get("/defect");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
    }

    @Test
    void saysThatAPartIsAwayWithoutItsAddress() throws Exception {
        HttpResponse<byte[]> response = get("/refused");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("detail").stringValue()).doesNotContain("10.0.0.1");
    }

    @Test
    void answersAnUnknownPathWithAProblem() throws Exception {
        HttpResponse<byte[]> response = get("/nothing");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).path("type").stringValue()).isEqualTo("urn:sluice:problem:not-found");
    }

    @Test
    void tellsTheAllowedMethods() throws Exception {
        HttpResponse<byte[]> response = get("/method");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "allow")).isEqualTo("PUT");
    }

    @Test
    void closesTheConnectionWhenTheResponseHasBegun() throws Exception {
        var pending = client.sendAsync(request("/begun").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(pending).failsWithin(DEADLINE);
    }

    @Test
    void refusesAnEndlessBodyAndClosesTheConnection() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            var out = socket.getOutputStream();
            out.write("POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.write("400\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[1024]);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 413")
                    .contains("payload-too-large")
                    .contains("onnection: close");
        }
    }

    @Test
    void carriesTheIdentityInTheContext() throws Exception {
        HttpResponse<byte[]> response = client.sendAsync(
                        request("/body")
                                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(new String(response.body(), StandardCharsets.US_ASCII))
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    private static RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/unavailable", ProblemExceptionHandlerTest::unavailable)
                .GET("/defect", request -> Mono.error(new IllegalStateException("secret inside")))
                .GET("/refused", request -> Mono.error(new ConnectException("10.0.0.1 refused")))
                .GET("/method", ProblemExceptionHandlerTest::wrongMethod)
                .GET("/begun", ProblemExceptionHandlerTest::begun)
                .POST("/body", ProblemExceptionHandlerTest::body)
                .build();
    }

    private static Mono<ServerResponse> unavailable(ServerRequest request) {
        request.exchange().getResponse().getHeaders().set("RateLimit", "\"key\";r=0;t=2");
        return Mono.error(SluiceException.unavailable("Come again.", Duration.ofMillis(1500), null));
    }

    private static Mono<ServerResponse> wrongMethod(ServerRequest request) {
        return Mono.error(new MethodNotAllowedException(request.method(), List.of(HttpMethod.PUT)));
    }

    private static Mono<ServerResponse> begun(ServerRequest request) {
        return ServerResponse.ok()
                .body(Flux.concat(Flux.just("a", "b"), Mono.error(new IllegalStateException("late"))), String.class);
    }

    private static Mono<ServerResponse> body(ServerRequest request) {
        return BoundedBody.read(request.exchange().getRequest(), 100)
                .flatMap(bytes -> Mono.deferContextual(context -> ServerResponse.ok()
                        .bodyValue(RequestIdentity.find(context)
                                .orElseThrow()
                                .trace()
                                .traceId())));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(DEADLINE);
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return Json.read(response.body());
    }
}
