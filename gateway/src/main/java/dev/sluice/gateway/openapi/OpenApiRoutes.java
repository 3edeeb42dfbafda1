package dev.sluice.gateway.openapi;

import dev.sluice.gateway.request.StaticFile;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.web.WrongMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The document, made once at start, and a page to browse it with. Neither says anything of this installation. */
public final class OpenApiRoutes {

    private static final String DOCUMENT = "/openapi.json";
    private static final String PAGE = "/docs";

    /** The page's style makes elements' own and has its pictures in it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String ARCHIVE = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String FILES = "/META-INF/resources/webjars/swagger-ui/";

    private OpenApiRoutes() {}

    /** The routes; reads files, so not to be called on an event loop. */
    public static RouterFunction<ServerResponse> of(ApiDocument api) {
        byte[] document = Json.bytes(api.tree());
        String browser = FILES + version() + "/";
        return RouterFunctions.route()
                .GET(
                        DOCUMENT,
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .header("Cache-Control", "no-cache")
                                .header("X-Content-Type-Options", "nosniff")
                                .bodyValue(document))
                .GET(PAGE, StaticFile.of("/openapi/docs.html", "text/html;charset=utf-8", POLICY))
                .GET("/assets/docs.js", StaticFile.of("/openapi/docs.js", "text/javascript;charset=utf-8", POLICY))
                .GET(
                        "/assets/swagger-ui.js",
                        StaticFile.of(browser + "swagger-ui-bundle.js", "text/javascript;charset=utf-8", POLICY))
                .GET(
                        "/assets/swagger-ui.css",
                        StaticFile.of(browser + "swagger-ui.css", "text/css;charset=utf-8", POLICY))
                .route(RequestPredicates.path(DOCUMENT), WrongMethod.allowing(HttpMethod.GET))
                .route(RequestPredicates.path(PAGE), WrongMethod.allowing(HttpMethod.GET))
                .build();
    }

    /** Its files have their version in their path. */
    private static String version() {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(StaticFile.read(ARCHIVE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
