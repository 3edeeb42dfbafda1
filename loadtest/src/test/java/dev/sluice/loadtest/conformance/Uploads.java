package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says of bodies that are no JSON what is in them: the parts of forms, other bytes as Base64. */
final class Uploads {

    private Uploads() {}

    static void routes(HttpServerRoutes routes) {
        routes.post("/upload", Uploads::said).post("/echo/upload", Uploads::said);
    }

    private static Publisher<Void> said(HttpServerRequest request, HttpServerResponse response) {
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> Mono.from(Answers.json(response, described(type, body))));
    }

    private static ObjectNode described(String type, byte[] body) {
        ObjectNode said = Json.object();
        if (type.startsWith("multipart/form-data")) {
            said.set("parts", parts(type, body));
        } else {
            said.put("type", type).put("base64", Base64.getEncoder().encodeToString(body));
        }
        return said;
    }

    private static ArrayNode parts(String type, byte[] body) {
        var request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        HttpPostMultipartRequestDecoder decoder = new HttpPostMultipartRequestDecoder(request);
        try {
            ArrayNode parts = Json.array();
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                parts.add(part(part));
            }
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            decoder.destroy();
            request.release();
        }
    }

    private static ObjectNode part(InterfaceHttpData part) throws IOException {
        ObjectNode said = Json.object().put("name", part.getName());
        if (part instanceof FileUpload file) {
            said.put("filename", file.getFilename()).put("type", file.getContentType());
        }
        if (part instanceof HttpData data) {
            said.put("base64", Base64.getEncoder().encodeToString(data.get()));
        }
        return said;
    }
}
