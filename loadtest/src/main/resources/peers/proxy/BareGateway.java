package bare;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway with one route and nothing else: {@code BareGateway PORT UPSTREAM}. */
@SpringBootApplication
public class BareGateway {

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(BareGateway.class);
        String routes = "spring.cloud.gateway.server.webflux.routes[0].";
        application.setDefaultProperties(Map.of(
                "server.address",
                "127.0.0.1",
                "server.port",
                arguments[0],
                routes + "id",
                "all",
                routes + "uri",
                arguments[1],
                routes + "predicates[0]",
                "Path=/**",
                "logging.level.root",
                "warn"));
        application.run();
    }
}
