import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * DBOS with workflows of steps and of calls. {@code /run} starts one and answers when it has ended; {@code /load} keeps a
 * number of them going in this process, and answers with the figures. Arguments: port, JDBC URL.
 */
public final class DbosProgram {

    public interface Flows {
        int steps(int number);

        String calls(int number);
    }

    public static final class FlowsOfDbos implements Flows {
        private final DBOS dbos;
        private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        FlowsOfDbos(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "steps")
        public int steps(int number) {
            int count = 0;
            for (int i = 0; i < number; i++) {
                int before = count;
                count = dbos.runStep(() -> before + 1, "step");
            }
            return count;
        }

        @Override
        @Workflow(name = "calls")
        public String calls(int number) {
            String answer = "";
            for (int i = 0; i < number; i++) {
                answer = dbos.runStep(this::call, "call");
            }
            return answer;
        }

        private String call() {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("@upstream@")).build();
                return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(arguments[1]);
        pool.setUsername("postgres");
        pool.setPassword(System.getenv("PEER_PASSWORD"));
        pool.setMaximumPoolSize(40);
        DBOS dbos = new DBOS(DBOSConfig.defaults("compare").withDataSource(new HikariDataSource(pool)).withAdminServer(false));
        Flows flows = dbos.registerProxy(Flows.class, new FlowsOfDbos(dbos));
        dbos.launch();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/ready", exchange -> answer(exchange, "ready"));
        server.createContext("/run", exchange -> answer(exchange, run(flows, exchange.getRequestURI().getQuery())));
        server.createContext("/load", exchange -> answer(exchange, load(flows, exchange.getRequestURI().getQuery())));
        server.start();
    }

    private static String run(Flows flows, String query) {
        int number = (int) value(query, "number");
        return query.startsWith("calls") ? flows.calls(number) : Integer.toString(flows.steps(number));
    }

    private static String load(Flows flows, String query) {
        long began = System.nanoTime();
        long end = began + value(query, "millis") * 1_000_000;
        AtomicLong errors = new AtomicLong();
        AtomicInteger succeeded = new AtomicInteger();
        int[] micros = new int[2_000_000];
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < value(query, "inFlight"); i++) {
                callers.submit(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        try {
                            run(flows, query);
                            micros[succeeded.getAndIncrement()] = (int) TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
                        } catch (RuntimeException e) {
                            errors.incrementAndGet();
                        }
                    }
                });
            }
        }
        int count = succeeded.get();
        Arrays.sort(micros, 0, count);
        return "{\"succeeded\":%d,\"errors\":%d,\"seconds\":%s,\"p50Micros\":%d,\"p99Micros\":%d}"
                .formatted(count, errors.get(), (System.nanoTime() - began) / 1e9,
                        micros[count / 2], micros[(int) (count * 0.99)]);
    }

    private static long value(String query, String name) {
        for (String part : query.split("&")) {
            if (part.startsWith(name + "=")) {
                return Long.parseLong(part.substring(name.length() + 1));
            }
        }
        throw new IllegalArgumentException(name + " is missing");
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes();
        exchange.sendResponseHeaders(200, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
